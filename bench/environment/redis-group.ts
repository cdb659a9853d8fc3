/** What groups of Redis servers share: asking one of them, waiting until they agree, and ending them all. */

import { Redis } from 'ioredis';
import { AuthlabError } from '../../src/kernel/errors.ts';
import { dataServerArgs, type RedisServer } from './redis-server.ts';
import { type ServerHost, type ServerProcess, startServer } from './server-process.ts';
import { type LinkClients, startTcpLink, type TcpLink } from './tcp-link.ts';

export interface RedisGroupOptions {
  /** Keeps data across restarts, every write synced. */
  readonly appendonly?: boolean;
  /** Puts a link before each server, so that replication can be stalled. Costs CPU of this process. */
  readonly links?: boolean;
  /** Further `redis-server` arguments of every server that holds data. */
  readonly args?: readonly string[];
}

/** A server that holds data, as everybody sees it: at its link if it has one. */
export interface DataServer extends RedisServer {
  readonly link: TcpLink | null;
}

const askDeadlineMillis = 1_000;
const pollMillis = 50;

/** One command on a connection of its own. Throws what ioredis throws, after a second at the latest. */
export async function ask(server: Pick<ServerProcess, 'port'>, ...[command, ...args]: string[]): Promise<unknown> {
  const redis = new Redis(server.port, '127.0.0.1', {
    lazyConnect: true,
    replyMapping: 'legacy',
    enableReadyCheck: false,
    connectTimeout: askDeadlineMillis,
    commandTimeout: askDeadlineMillis,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    disconnectTimeout: 50,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await redis.call(command ?? 'PING', ...args);
  } finally {
    redis.disconnect();
  }
}

/** Fields of `INFO section`. */
export async function infoOf(
  server: Pick<ServerProcess, 'port'>,
  section: string,
): Promise<ReadonlyMap<string, string>> {
  const lines = String(await ask(server, 'INFO', section)).split('\r\n');
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

/**
 * Looks every 50 ms until there is something to return. Throws ERR_ENVIRONMENT_REDIS after `deadlineMillis`, with what
 * was waited for and the last failure.
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | false>,
  deadlineMillis = 15_000,
): Promise<T> {
  const deadline = performance.now() + deadlineMillis;
  let failure: unknown;
  while (performance.now() < deadline) {
    try {
      const found = await look();
      if (found !== null && found !== false) return found;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    await new Promise((resolve) => setTimeout(resolve, pollMillis));
  }
  const why = failure instanceof Error ? `: ${failure.message}` : '';
  throw new AuthlabError('ERR_ENVIRONMENT_REDIS', `not ${what} within ${deadlineMillis} ms${why}`);
}

export interface DataServerPlace {
  /** Where everybody finds it. */
  readonly port: number;
  /** Behind the link, if there is one. */
  readonly hiddenPort: number;
  readonly config?: readonly string[];
  readonly args?: readonly string[];
  /** How the server says that it is found at the link. */
  readonly announce: readonly string[];
}

export async function startDataServer(
  host: ServerHost,
  place: DataServerPlace,
  options: RedisGroupOptions,
): Promise<DataServer> {
  const { port, hiddenPort, config = [], announce, args = [] } = place;
  const link = options.links === true ? await startTcpLink(port, hiddenPort) : null;
  try {
    const server = await startServer(host, {
      port: link === null ? port : hiddenPort,
      config,
      args: [
        ...dataServerArgs(options.appendonly ?? false),
        // A replica is fed at once, from memory, and a link that stands still is not taken down.
        ...['--repl-diskless-sync-delay', '0', '--repl-ping-replica-period', '1'],
        ...args,
        ...(link === null ? [] : announce),
        ...(options.args ?? []),
      ],
    });
    const close = server.close;
    return Object.defineProperties(server, {
      port: { value: port, enumerable: true },
      url: { value: `redis://127.0.0.1:${port}`, enumerable: true },
      link: { value: link },
      close: {
        value: async () => {
          await Promise.all([close(), link?.close()]);
        },
      },
    }) as DataServer;
  } catch (error) {
    await link?.close();
    throw error;
  }
}

/** Starts all, or none: when one fails those that came up are closed again. */
export async function startAll<T extends Pick<ServerProcess, 'close'>>(starts: readonly Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(starts);
  const started = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed === undefined) return started;
  await Promise.all(started.map((server) => server.close()));
  throw failed.reason;
}

/** Stalls what all links tell these clients; returns how to go on. */
export function stallLinks(servers: readonly DataServer[], clients: LinkClients): () => void {
  const resume = servers.map(({ link }) => {
    if (link === null) throw new AuthlabError('ERR_ENVIRONMENT', 'start the servers with links to stall them');
    return link.stall(clients);
  });
  return () => {
    for (const goOn of resume) goOn();
  };
}

/** Whether `count` replicas are fed by this primary and have caught up with it. */
export async function isFollowedBy(primary: RedisServer, count: number): Promise<boolean> {
  const info = await infoOf(primary, 'replication');
  const states = [...info].filter(([name]) => /^slave\d+$/.test(name)).map(([, state]) => state);
  if (info.get('role') !== 'master' || states.filter((state) => /state=online/.test(state)).length < count)
    return false;
  return Number(await ask(primary, 'WAIT', `${count}`, '500')) >= count;
}
