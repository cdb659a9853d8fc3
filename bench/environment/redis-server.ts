/** One Redis server with its data, started by whoever may start processes here. */

import { freePorts } from './free-ports.ts';
import { type ServerHost, type ServerProcess, startServer } from './server-process.ts';

export interface RedisServer extends ServerProcess {
  readonly url: string;
}

export interface RedisServerOptions {
  /** Keeps the data across `restart()`, every write synced. Without it a restart brings back an empty server. */
  readonly appendonly?: boolean;
  /** Further `redis-server` arguments. */
  readonly args?: readonly string[];
}

/** Throws ERR_ENVIRONMENT_REDIS when this machine has no Redis or it does not start. */
export async function startRedisServer(host: ServerHost, options: RedisServerOptions = {}): Promise<RedisServer> {
  const [port = 0] = await freePorts(1);
  const args = [...dataServerArgs(options.appendonly ?? false), ...(options.args ?? [])];
  return Object.assign(await startServer(host, { port, args }), { url: `redis://127.0.0.1:${port}` });
}

/** What every Redis that holds data is started with: nothing is evicted, and what is kept is kept at once. */
export function dataServerArgs(appendonly: boolean): readonly string[] {
  const persistence = appendonly ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
  return ['--save', '', ...persistence, '--maxmemory-policy', 'noeviction'];
}
