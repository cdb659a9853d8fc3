/** A TCP link between servers and Redis that falls silent: at once, or from a certain write on, in one direction or both. */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

/** What does not arrive: `requests` at Redis, `replies` at the server, `both`. Connections stay open all the same. */
export type Lost = 'requests' | 'replies' | 'both';

export interface FailingLink {
  readonly url: string;
  /** From now on, also on new connections. */
  lose(what: Lost): void;
  /** From the first chunk on that a client sends with this text in it; with `replies` that chunk still arrives. */
  loseAfter(text: string, what: Lost): void;
  /** Chunks lost since the last healing. */
  readonly lost: number;
  /** Ends the connections that have lost something, as nobody could go on from there. */
  heal(): void;
  close(): void;
}

export async function startFailingLink(redisUrl: string): Promise<FailingLink> {
  const { hostname, port } = new URL(redisUrl);
  const sockets = new Set<Socket>();
  let losing: Lost | null = null;
  let trigger: { readonly text: string; readonly what: Lost } | null = null;
  let lost = 0;

  const passes = (direction: 'requests' | 'replies'): boolean => {
    if (losing !== direction && losing !== 'both') return true;
    lost += 1;
    return false;
  };
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    client.on('data', (chunk: Buffer) => {
      if (trigger !== null && chunk.includes(trigger.text)) {
        losing = trigger.what;
        trigger = null;
      }
      if (passes('requests')) upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => void (passes('replies') && client.write(chunk)));
    const end = (): void => {
      for (const socket of [client, upstream]) {
        socket.destroy();
        sockets.delete(socket);
      }
    };
    for (const socket of [client, upstream]) sockets.add(socket.on('error', end).on('close', end));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lose(what) {
      losing = what;
    },
    loseAfter(text, what) {
      trigger = { text, what };
    },
    get lost() {
      return lost;
    },
    heal() {
      losing = null;
      trigger = null;
      lost = 0;
      endAll();
    },
    close() {
      server.close();
      endAll();
    },
  };
}
