/**
 * A private Redis for tests: own port, own temporary folder, gone with the test process whatever happens to it. Tests
 * of the log pause, kill and restart it, which nobody may do to a Redis they did not start.
 */

import { type RedisServer, type RedisServerOptions, startRedisServer } from './redis-server.ts';
import { testHost } from './test-server.ts';

export type TestRedis = RedisServer;

/** Throws ERR_ENVIRONMENT_REDIS when this machine has no Redis or it does not start. */
export function startTestRedis(options: RedisServerOptions = {}): Promise<TestRedis> {
  return startRedisServer(testHost, options);
}
