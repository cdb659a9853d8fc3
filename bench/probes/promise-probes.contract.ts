/**
 * Probes over bare sockets, for tests of the promise: a request is with the kernel when the call returns, so that the
 * first probes leave within microseconds of an acknowledgement, and reach a process that has been stopped.
 */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Contestant } from '../workload/contestant.ts';
import type { Credential } from '../workload/credential.ts';
import { type PlannedRequest, revokeRequest } from '../workload/log-in.ts';
import type { Probe } from './probe-log.ts';
import { protectedRequest } from './prober.ts';

type OnAnswer = (probe: Probe) => void;

/** One keep-alive connection. Requests may be written before earlier ones are answered (RFC 9112 9.3.2). */
export class ProbeSocket {
  readonly #socket: Socket;
  readonly #waiting: { readonly sentAt: number; readonly onAnswer: OnAnswer }[] = [];
  #received = '';

  /** Throws what connecting throws. */
  static async open(baseUrl: string): Promise<ProbeSocket> {
    const { hostname, port } = new URL(baseUrl);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    return new ProbeSocket(socket);
  }

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1').on('data', (text: string) => this.#hear(text));
    socket.on('error', () => undefined).on('close', () => this.#end());
  }

  /** Writes a request; its answer, or the loss of the connection (status 0), calls back once. */
  ask(request: string, onAnswer: OnAnswer): void {
    this.#waiting.push({ sentAt: performance.now(), onAnswer });
    this.#socket.write(request, 'latin1');
    if (this.#socket.destroyed) this.#end();
  }

  /** Whether the kernel has all that was asked. */
  get isDelivered(): boolean {
    return this.#socket.writableLength === 0;
  }

  close(): void {
    this.#socket.destroy();
  }

  #hear(text: string): void {
    this.#received += text;
    for (;;) {
      const headEnd = this.#received.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const head = this.#received.slice(0, headEnd);
      const bodyLength = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? '0');
      const end = headEnd + 4 + bodyLength;
      if (this.#received.length < end) return;
      this.#received = this.#received.slice(end);
      this.#answer(Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)));
    }
  }

  #answer(status: number): void {
    const asked = this.#waiting.shift();
    asked?.onAnswer({ sentAt: asked.sentAt, receivedAt: performance.now(), status });
  }

  #end(): void {
    while (this.#waiting.length > 0) this.#answer(0);
  }
}

export interface VictimProbes {
  readonly revoke: Probe;
  /** Of each node, in the order of their answers. */
  readonly probes: readonly (readonly Probe[])[];
}

export interface ProbeRun {
  readonly revokeAtNode: number;
  /** Whether the latest answers of a node, all probes of it so far, are enough; asking goes on until all nodes' are. */
  isEnough(probes: readonly Probe[]): boolean;
  /** From an answer to the next request on its connection; at once unless told. */
  readonly pauseMillis?: number;
  /** In the very callback that took the acknowledgement, before the first probe. */
  onAcknowledged?(revoke: Probe): void;
}

/** Fresh connections to all nodes of a contestant, for one victim: a node closes those that it does not hear from. */
export class VictimProber {
  readonly #contestant: Contestant;
  readonly #sockets: readonly (readonly ProbeSocket[])[];
  readonly #revokers: readonly ProbeSocket[];
  readonly #reopened: ProbeSocket[] = [];

  static async open(contestant: Contestant, connectionsPerNode = 2): Promise<VictimProber> {
    const open = (baseUrl: string): Promise<ProbeSocket> => ProbeSocket.open(baseUrl);
    const sockets = await Promise.all(
      contestant.nodes.map((baseUrl) => Promise.all(Array.from({ length: connectionsPerNode }, () => open(baseUrl)))),
    );
    return new VictimProber(contestant, sockets, await Promise.all(contestant.nodes.map(open)));
  }

  constructor(contestant: Contestant, sockets: readonly (readonly ProbeSocket[])[], revokers: readonly ProbeSocket[]) {
    this.#contestant = contestant;
    this.#sockets = sockets;
    this.#revokers = revokers;
  }

  /** The statuses by which each connection is answered once, of all nodes. */
  async statuses(victim: Credential): Promise<readonly number[]> {
    const requests = this.#requestsFor(victim);
    const asked = [...this.#sockets, ...this.#revokers.map((socket) => [socket])].flatMap((sockets, index) =>
      sockets.map((socket) => askOn(socket, requests[index % requests.length] ?? '')),
    );
    return (await Promise.all(asked)).map(({ status }) => status);
  }

  /** Logs the victim out, and asks every node from the acknowledgement on; without one nobody is asked. */
  revokeAndProbe(victim: Credential, run: ProbeRun): Promise<VictimProbes> {
    const requests = this.#requestsFor(victim);
    return new Promise((resolve) => {
      this.#revoke(victim, run.revokeAtNode, (revoke) => {
        if (revoke.status !== 204) return resolve({ revoke, probes: requests.map(() => []) });
        run.onAcknowledged?.(revoke);
        void this.#probe(requests, run).then((probes) => resolve({ revoke, probes }));
      });
    });
  }

  close(): void {
    for (const socket of [...this.#sockets.flat(), ...this.#revokers, ...this.#reopened]) socket.close();
  }

  async #probe(requests: readonly string[], run: ProbeRun): Promise<readonly (readonly Probe[])[]> {
    const { pauseMillis = 0 } = run;
    const heard: Probe[][] = requests.map(() => []);
    const open = new Set(heard);
    const loops = this.#sockets.flatMap((sockets, node) => {
      const [request = '', probes = []] = [requests[node], heard[node]];
      return sockets.map(
        (first) =>
          new Promise<void>((resolve) => {
            let socket = first;
            const ask = (): void => socket.ask(request, answered);
            const answered = (probe: Probe): void => {
              probes.push(probe);
              if (open.has(probes) && run.isEnough(probes)) open.delete(probes);
              if (open.size === 0) resolve();
              else if (probe.status === 0) void askAnew();
              else if (pauseMillis > 0) setTimeout(ask, pauseMillis);
              else ask();
            };
            // A node closes connections that it has not heard from for some seconds, which a slow logout may take.
            const askAnew = async (): Promise<void> => {
              try {
                socket = await ProbeSocket.open(this.#contestant.nodes[node] ?? '');
              } catch {
                return resolve();
              }
              this.#reopened.push(socket);
              ask();
            };
            ask();
          }),
      );
    });
    await Promise.all(loops);
    return heard;
  }

  #revoke(victim: Credential, node: number, onAnswer: OnAnswer): void {
    const request = bytesOf(this.#contestant.nodes[node] ?? '', revokeRequest(this.#contestant, victim));
    this.#revokers[node]?.ask(request, onAnswer);
  }

  #requestsFor(victim: Credential): readonly string[] {
    const request = protectedRequest(this.#contestant, victim);
    return this.#contestant.nodes.map((baseUrl) => bytesOf(baseUrl, request));
  }
}

/** `ask` as a promise. */
export function askOn(socket: ProbeSocket, request: string): Promise<Probe> {
  return new Promise((resolve) => socket.ask(request, resolve));
}

/** A request as it goes over the connection (RFC 9112 3). */
export function bytesOf(baseUrl: string, { method, path, headers, body = '' }: PlannedRequest): string {
  const length = method === 'POST' ? { 'content-length': `${Buffer.byteLength(body)}` } : {};
  const fields = Object.entries({ host: new URL(baseUrl).host, ...headers, ...length });
  return `${method} ${path} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}
