/** Asks nodes without a pause with one credential: each connection asks again as soon as it has its answer. */

import { type Clock, systemClock } from '../../src/kernel/clock.ts';
import type { Contestant } from '../workload/contestant.ts';
import type { Credential } from '../workload/credential.ts';
import type { PlannedRequest } from '../workload/log-in.ts';
import { ProbeConnection, type ProbeConnectionOptions } from './connection.ts';
import { type Probe, ProbeLog } from './probe-log.ts';

export interface ProberOptions extends ProbeConnectionOptions {
  /** Connections to each node. Two halve the spacing of the probes; more only make the nodes busier. */
  readonly connectionsPerNode?: number;
  /**
   * From an answer to the next request of its connection. 0, the default: at once, which keeps a node busy. What is
   * measured on idle nodes needs a pause.
   */
  readonly pauseMillis?: number;
}

export type ProbeListener = (node: number, probe: Probe) => void;

const defaultConnectionsPerNode = 2;
/** A node that refuses connections is asked again after this, not at once. */
const pauseAfterNoAnswerMillis = 5;

/** Keeps its connections between trials, one trial at a time. */
export class Prober {
  readonly contestant: Contestant;
  readonly clock: Clock;
  readonly #connections: readonly (readonly ProbeConnection[])[];
  readonly #revoker: readonly ProbeConnection[];
  #running: Promise<void> = Promise.resolve();
  readonly #pauseMillis: number;
  #stopped = true;

  constructor(contestant: Contestant, options: ProberOptions = {}) {
    this.contestant = contestant;
    this.clock = options.clock ?? systemClock;
    this.#pauseMillis = options.pauseMillis ?? 0;
    const connections = options.connectionsPerNode ?? defaultConnectionsPerNode;
    this.#connections = contestant.nodes.map((baseUrl) =>
      Array.from({ length: connections }, () => new ProbeConnection(baseUrl, options)),
    );
    this.#revoker = contestant.nodes.map((baseUrl) => new ProbeConnection(baseUrl, options));
  }

  /** Starts asking every node with this credential. `onProbe` hears each answer after it has been recorded. */
  start(credential: Credential, onProbe: ProbeListener): readonly ProbeLog[] {
    const request = protectedRequest(this.contestant, credential);
    const logs = this.#connections.map(() => new ProbeLog());
    this.#stopped = false;
    const loops = this.#connections.flatMap((connections, node) =>
      connections.map((connection) =>
        this.#loop(connection, request, (probe) => {
          logs[node]?.record(probe.sentAt, probe.receivedAt, probe.status);
          onProbe(node, probe);
        }),
      ),
    );
    this.#running = Promise.all(loops).then(() => undefined);
    return logs;
  }

  /** Ends the asking; returns when every probe has its answer, so that none is missing from the logs. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  /** One request to one node, apart from the probes and on a connection of its own. */
  async ask(node: number, request: PlannedRequest): Promise<Probe> {
    const connection = this.#revoker[node];
    return connection ? connection.ask(request) : { sentAt: 0, receivedAt: 0, status: 0 };
  }

  async close(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#connections.flat(), ...this.#revoker].map((connection) => connection.close()));
  }

  #loop(connection: ProbeConnection, request: PlannedRequest, onAnswer: (probe: Probe) => void): Promise<void> {
    return new Promise((resolve) => {
      const ask = (): void => {
        if (this.#stopped) resolve();
        else connection.send(request, answered);
      };
      const answered = (probe: Probe): void => {
        onAnswer(probe);
        const pauseMillis = probe.status === 0 ? pauseAfterNoAnswerMillis : this.#pauseMillis;
        if (pauseMillis > 0 && !this.#stopped) setTimeout(ask, pauseMillis);
        else ask();
      };
      ask();
    });
  }
}

/** `GET` of the protected resource with this credential, or with none. */
export function protectedRequest(contestant: Contestant, credential: Credential | null): PlannedRequest {
  const path = contestant.protectedPath;
  return { method: 'GET', path, headers: credential?.headersFor(path) ?? {} };
}
