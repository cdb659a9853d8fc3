/** A TCP link before a Redis: everybody reaches it through here, and what is said over it can be held back. */

import { connect, createServer, type Socket } from 'node:net';

export interface TcpLink {
  /**
   * From now on nothing of what the server says reaches these clients over this link, on connections that begin later
   * either; they stay open. The returned function lets go of what was held back, in order.
   */
  stall(clients: LinkClients): () => void;
  /** The same for all clients; with `both` nothing that they say arrives either. One cut at a time. */
  cut(way: CutWay): () => void;
  close(): Promise<void>;
}

/** Replicas, nodes that follow the log, and a near cache's two kinds of connections. */
export type LinkClients = 'replicas' | 'tails' | 'pushes' | 'reads';

/** Which way nothing passes: from the server to its clients, or neither way. */
export type CutWay = 'replies' | 'both';

/** What they say, and nobody else. */
const tells: Readonly<Record<LinkClients, string>> = {
  replicas: 'psync',
  tails: 'xread',
  pushes: 'subscribe',
  reads: 'tracking',
};
const kinds = Object.keys(tells) as LinkClients[];

interface Connection {
  readonly client: Socket;
  readonly upstream: Socket;
  /** What its client has been heard to be. */
  readonly known: Set<LinkClients>;
}

/** Listens on `port` of the loopback interface and connects to `target`. */
export async function startTcpLink(port: number, target: number): Promise<TcpLink> {
  const connections = new Set<Connection>();
  const stalled = new Set<LinkClients>();
  let cutWay: CutWay | null = null;

  const hold = ({ client, upstream, known }: Connection): void => {
    const isStalled = [...known].some((kind) => stalled.has(kind));
    if (cutWay !== null || isStalled) upstream.pause();
    else upstream.resume();
    if (cutWay === 'both') client.pause();
    else client.resume();
  };
  const holdAll = (): void => {
    for (const connection of connections) hold(connection);
  };
  // Else every confirmation of a replica waits 40 ms for the operating system to fill a packet.
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: target, host: '127.0.0.1', noDelay: true });
    const connection: Connection = { client, upstream, known: new Set() };
    connections.add(connection);
    // Pipes would go on by themselves as soon as the other side is ready for more.
    client.on('data', (chunk: Buffer) => {
      upstream.write(chunk);
      const said = chunk.toString('latin1').toLowerCase();
      for (const kind of kinds) if (said.includes(tells[kind])) connection.known.add(kind);
      hold(connection);
    });
    client.on('end', () => upstream.end());
    upstream.on('data', (chunk) => client.write(chunk)).on('end', () => client.end());
    const end = (): void => {
      client.destroy();
      upstream.destroy();
      connections.delete(connection);
    };
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
    hold(connection);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    stall(clients) {
      stalled.add(clients);
      holdAll();
      return () => {
        stalled.delete(clients);
        holdAll();
      };
    },
    cut(way) {
      cutWay = way;
      holdAll();
      return () => {
        cutWay = null;
        holdAll();
      };
    },
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const { upstream } of connections) upstream.destroy();
      return closed;
    },
  };
}
