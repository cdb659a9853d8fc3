/**
 * A private Redis for tests: own port, own temporary folder, gone with the test process whatever happens to it. Tests
 * of the log pause, kill and restart it, which nobody may do to a Redis they did not start.
 */

import { freePorts, startTestServer, type TestServer } from './test-server.ts';

export interface TestRedisOptions {
  /** Keeps the data across `restart()`, every write synced. Without it a restart brings back an empty server. */
  readonly appendonly?: boolean;
  /** Further `redis-server` arguments. */
  readonly args?: readonly string[];
}

export interface TestRedis extends TestServer {
  readonly url: string;
}

/** Throws ERR_ENVIRONMENT_REDIS when this machine has no Redis or it does not start. */
export async function startTestRedis(options: TestRedisOptions = {}): Promise<TestRedis> {
  const [port = 0] = await freePorts(1);
  const args = [...dataServerArgs(options.appendonly ?? false), ...(options.args ?? [])];
  return Object.assign(await startTestServer({ port, args }), { url: `redis://127.0.0.1:${port}` });
}

/** What every Redis of a test is started with: nothing is evicted, and what is kept is kept at once. */
export function dataServerArgs(appendonly: boolean): readonly string[] {
  const persistence = appendonly ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
  return ['--save', '', ...persistence, '--maxmemory-policy', 'noeviction'];
}
