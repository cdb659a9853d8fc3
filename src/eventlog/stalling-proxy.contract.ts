/** A TCP proxy between a test and Redis that can hold back what the server says on one of a near cache's connections. */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

export interface StallingProxy {
  readonly url: string;
  /** From now on, until the returned function is called, which lets go what was held back, in order. */
  stall(kind: ConnectionKind): () => void;
  close(): void;
}

/** Known by what the client has said on it: `SUBSCRIBE` or `CLIENT TRACKING`. */
export type ConnectionKind = 'pushes' | 'reads';

const tells: Readonly<Record<ConnectionKind, string>> = { pushes: 'subscribe', reads: 'tracking' };

export async function startStallingProxy(redisUrl: string): Promise<StallingProxy> {
  const { hostname, port } = new URL(redisUrl);
  const upstreams = new Map<Socket, Set<ConnectionKind>>();
  const stalled = new Set<ConnectionKind>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    const kinds = new Set<ConnectionKind>();
    upstreams.set(upstream, kinds);
    client.on('data', (chunk: Buffer) => {
      const said = chunk.toString('latin1').toLowerCase();
      for (const kind of ['pushes', 'reads'] as const) {
        if (!said.includes(tells[kind])) continue;
        kinds.add(kind);
        if (stalled.has(kind)) upstream.pause();
      }
    });
    client.pipe(upstream).pipe(client);
    const end = (): void => {
      client.destroy();
      upstream.destroy();
      upstreams.delete(upstream);
    };
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stall(kind) {
      stalled.add(kind);
      for (const [upstream, kinds] of upstreams) if (kinds.has(kind)) upstream.pause();
      return () => {
        stalled.delete(kind);
        for (const [upstream, kinds] of upstreams) if (kinds.has(kind)) upstream.resume();
      };
    },
    close() {
      server.close();
      for (const upstream of upstreams.keys()) upstream.destroy();
    },
  };
}
