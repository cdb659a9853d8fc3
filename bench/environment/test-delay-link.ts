/** Delay links of a test, the servers behind them, and who talks over them. */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type DelayLink, type DelayLinkOptions, startDelayLink } from './delay-link.ts';
import type { ChildHandle, ChildRequest, Supervisor } from './environment.ts';

export class DelayLinkTests {
  /** Processes of the links, in the order they were started. */
  readonly children: ChildHandle[] = [];
  readonly #links: DelayLink[] = [];
  readonly #servers: Server[] = [];
  readonly #sockets: Socket[] = [];

  /** A TCP server on a port of its own; returns its address as that of a Redis. */
  async serve(onConnection: (socket: Socket) => void): Promise<string> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      this.#sockets.push(socket.on('error', () => undefined));
      onConnection(socket);
    });
    this.#servers.push(server.listen(0, '127.0.0.1'));
    await once(server, 'listening');
    return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  serveEcho(): Promise<string> {
    return this.serve((socket) => socket.pipe(socket));
  }

  /** From now on nobody listens there. */
  stopServing(): void {
    for (const server of this.#servers.splice(0)) server.close();
  }

  async start(supervisor: Supervisor, target: string, options: Partial<DelayLinkOptions> = {}): Promise<DelayLink> {
    const remembering = {
      folder: supervisor.folder,
      start: async (request: ChildRequest) => {
        const child = await supervisor.start(request);
        this.children.push(child);
        return child;
      },
    };
    const link = await startDelayLink({ supervisor: remembering, target, ...options });
    this.#links.push(link);
    return link;
  }

  /** A connection over the link that may end in one direction. */
  async dial(link: DelayLink): Promise<Socket> {
    const socket = connect({ port: link.port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    this.#sockets.push(socket);
    await once(socket, 'connect');
    return socket.on('error', () => undefined);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.splice(0)) socket.destroy();
    for (const link of this.#links.splice(0)) await link.close();
    this.stopServing();
  }
}

/** One round trip to a server that echoes. */
export async function echoMillis(socket: Socket): Promise<number> {
  const sentAt = performance.now();
  socket.write('?');
  await once(socket, 'data');
  return performance.now() - sentAt;
}
