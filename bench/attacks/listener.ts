/** A server of the attacker's on the loopback, which hears who asks it for what. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Heard {
  readonly path: string;
  readonly body: string;
}

export interface Listener {
  /** `http://127.0.0.1:port`, no slash at the end. */
  readonly baseUrl: string;
  /** What it has been asked so far. */
  heard(): readonly Heard[];
  close(): Promise<void>;
}

export interface ListenerReply {
  readonly body: string;
  /** `application/json` unless told. */
  readonly type?: string;
}

/** Answers everybody from whatever page: an attacker's server welcomes all. */
export async function listen(replyTo: (path: string) => ListenerReply): Promise<Listener> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      heard.push({ path, body: Buffer.concat(chunks).toString() });
      const { body, type = 'application/json' } = replyTo(path);
      response.writeHead(200, { 'content-type': type, 'access-control-allow-origin': '*' });
      response.end(body);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: () => heard,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
