/**
 * The program by which the lab fills a realm: it begins and ends sessions by the thousand, for whoever asks on the loopback.
 * Configured as a lab node is, by its environment. Prints one line of JSON once it listens.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { catchSignals, exitCodes, explainFault, loadServerConfig } from './command-line.ts';
import { type BulkSessions, openBulkSessions } from './compose/bulk-sessions.ts';
import { describeError } from './operator-log.ts';

/** `POST /begin?first=0&count=1000&kept=10` and `POST /end?first=0&count=1000`; answered when it is done. */
async function answer(sessions: BulkSessions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
  const [first = 0, count = 0, kept = 0] = ['first', 'count', 'kept'].map((name) => Number(searchParams.get(name)));
  const isAsked = request.method === 'POST' && [first, count, kept].every((number) => Number.isSafeInteger(number));
  if (isAsked && pathname === '/begin') end(response, 200, { answers: await sessions.begin(first, count, kept) });
  else if (isAsked && pathname === '/end') {
    await sessions.end(first, count);
    end(response, 200, {});
  } else end(response, 404, {});
}

function end(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function listen(sessions: BulkSessions): Promise<Server> {
  const server = createServer((request, response) => {
    answer(sessions, request, response).catch((error: unknown) => {
      const { name, code, message } = describeError(error);
      end(response, 500, { fault: `${code ?? name}: ${message}` });
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

async function fill(): Promise<number> {
  const loaded = loadServerConfig({});
  if (loaded === null) return exitCodes.badInput;
  const signals = catchSignals();
  try {
    const sessions = await openBulkSessions(loaded.config);
    const server = await listen(sessions);
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    process.stdout.write(`${JSON.stringify({ event: 'listening', port })}\n`);
    await signals.first;
    server.close();
    server.closeAllConnections();
    await sessions.close();
    return exitCodes.ok;
  } catch (error) {
    return explainFault(error);
  } finally {
    signals.release();
  }
}

process.exitCode = await fill();
