/** The listening socket: opened with a clear fault when it cannot be, closed without cutting off what is running. */

import { createServer, type RequestListener } from 'node:http';
import { AuthlabError } from '../kernel/errors.ts';

export interface HttpServer {
  readonly host: string;
  /** The port in fact: another than asked for when 0 was asked for. */
  readonly port: number;
  /**
   * Accepts nothing more, closes idle connections at once and busy ones as their answers end, and after `graceMillis`
   * the rest. Returns when all are closed; safe to call twice.
   */
  stop(graceMillis: number): Promise<void>;
}

/** How often connections that became idle while stopping are looked for. */
const sweepMillis = 20;

/** Listens. Throws ERR_ENVIRONMENT_PORT, naming host and port, when the address is taken or may not be used. */
export async function listen(handler: RequestListener, host: string, port: number): Promise<HttpServer> {
  let stopping = false;
  const server = createServer((request, response) => {
    if (stopping) response.shouldKeepAlive = false;
    handler(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(portFault(error, host, port)));
    server.listen({ host, port }, resolve);
  });
  const address = server.address();
  const closed = new Promise<void>((resolve) => server.once('close', resolve));
  return {
    host,
    port: typeof address === 'object' && address !== null ? address.port : port,
    async stop(graceMillis) {
      if (!stopping) {
        stopping = true;
        server.close();
        const sweep = setInterval(() => server.closeIdleConnections(), sweepMillis);
        const deadline = setTimeout(() => server.closeAllConnections(), graceMillis);
        void closed.then(() => {
          clearInterval(sweep);
          clearTimeout(deadline);
        });
      }
      await closed;
    },
  };
}

function portFault(error: NodeJS.ErrnoException, host: string, port: number): AuthlabError {
  const place = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'something else listens there; end it, or choose another port (0: any that is free)',
    EACCES: 'this user may not listen there; choose a port from 1024 on',
    EADDRNOTAVAIL: 'this machine does not have that address; give one of its own',
    ENOTFOUND: 'the host name is not known',
  };
  const reason = reasons[error.code ?? ''] ?? error.code ?? 'unknown reason';
  return new AuthlabError('ERR_ENVIRONMENT_PORT', `Cannot listen on ${place}: ${reason}.`, { cause: error });
}
