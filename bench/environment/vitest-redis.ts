/** The test runner's global set-up: one private Redis for all `*.redis.test.ts` files, found by `inject('redisUrl')`. */

import type { TestProject } from 'vitest/node';
import { startTestRedis, type TestRedis } from './test-redis.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** `redis://127.0.0.1:port` of a Redis shared by all tests; each keeps to a random realm of its own. */
    redisUrl: string;
  }
}

let redis: TestRedis | undefined;

export async function setup(project: TestProject): Promise<void> {
  redis = await startTestRedis();
  project.provide('redisUrl', redis.url);
}

export async function teardown(): Promise<void> {
  await redis?.close();
}
