/** A TCP link before a Redis of a test: everybody reaches it through here, and what it says can be held back. */

import { connect, createServer, type Socket } from 'node:net';

export interface TestLink {
  /**
   * From now on nothing of what the server says reaches these clients over this link, on connections that begin later
   * either; they stay open. The returned function lets go of what was held back, in order.
   */
  stall(clients: LinkClients): () => void;
  close(): Promise<void>;
}

/** Replicas, nodes that follow the log, and a near cache's two kinds of connections. */
export type LinkClients = 'replicas' | 'tails' | 'pushes' | 'reads';

/** What they say, and nobody else. */
const tells: Readonly<Record<LinkClients, string>> = {
  replicas: 'psync',
  tails: 'xread',
  pushes: 'subscribe',
  reads: 'tracking',
};
const kinds = Object.keys(tells) as LinkClients[];

/** Listens on `port` of the loopback interface and connects to `target`. */
export async function startTestLink(port: number, target: number): Promise<TestLink> {
  const upstreams = new Map<Socket, Set<LinkClients>>();
  const stalled = new Set<LinkClients>();
  // Else every confirmation of a replica waits 40 ms for the operating system to fill a packet.
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: target, host: '127.0.0.1', noDelay: true });
    const known = new Set<LinkClients>();
    upstreams.set(upstream, known);
    client.on('data', (chunk: Buffer) => {
      const said = chunk.toString('latin1').toLowerCase();
      for (const kind of kinds) {
        if (known.has(kind) || !said.includes(tells[kind])) continue;
        known.add(kind);
        if (stalled.has(kind)) upstream.pause();
      }
    });
    client.pipe(upstream);
    // A pipe would go on by itself as soon as the other side is ready for more.
    upstream.on('data', (chunk) => client.write(chunk)).on('end', () => client.end());
    const end = (): void => {
      client.destroy();
      upstream.destroy();
      upstreams.delete(upstream);
    };
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    stall(clients) {
      stalled.add(clients);
      for (const [upstream, known] of upstreams) if (known.has(clients)) upstream.pause();
      return () => {
        stalled.delete(clients);
        for (const [upstream, known] of upstreams) if (known.has(clients)) upstream.resume();
      };
    },
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const upstream of upstreams.keys()) upstream.destroy();
      return closed;
    },
  };
}
