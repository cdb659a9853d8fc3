/** A server for tests of the load: its answers are known, and it counts what it is asked. */

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AnsweringServer {
  readonly baseUrl: string;
  /** Times each `authorization` header was seen. */
  readonly seen: Map<string, number>;
  readonly paths: Set<string>;
  requests(): number;
  /** Connections made since its start. */
  connections(): number;
  openConnections(): Promise<number>;
  close(): Promise<void>;
}

export interface AnsweringOptions {
  /** Status for the n-th request, counted from 0. */
  readonly status?: (request: number) => number;
  /** The answer is held back for so long. */
  readonly serviceMillis?: number;
}

const body = '{"sub":"someone"}';

export async function startAnsweringServer(options: AnsweringOptions = {}): Promise<AnsweringServer> {
  let requests = 0;
  let connections = 0;
  const seen = new Map<string, number>();
  const paths = new Set<string>();
  const server = createServer((request: IncomingMessage, response) => {
    const status = options.status?.(requests) ?? 200;
    requests += 1;
    const { authorization = 'none' } = request.headers;
    seen.set(authorization, (seen.get(authorization) ?? 0) + 1);
    paths.add(request.url ?? '');
    const answer = (): void => {
      response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
      response.end(body);
    };
    if (options.serviceMillis === undefined) answer();
    else setTimeout(answer, options.serviceMillis);
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    paths,
    requests: () => requests,
    connections: () => connections,
    openConnections: () =>
      new Promise((resolve, reject) => server.getConnections((error, open) => (error ? reject(error) : resolve(open)))),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Distinct bearer headers, told apart by their number. */
export function bearerHeaders(count: number): readonly { readonly authorization: string }[] {
  return Array.from({ length: count }, (_, index) => ({ authorization: `Bearer token-${index}` }));
}
