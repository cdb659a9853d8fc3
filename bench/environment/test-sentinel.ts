/** A Sentinel group of a test's own, gone with the test process whatever happens. */

import type { RedisGroupOptions } from './redis-group.ts';
import { type SentinelGroup, startSentinelGroup } from './sentinel-group.ts';
import { testHost } from './test-server.ts';

export type TestSentinel = SentinelGroup;

/** As `startSentinelGroup`. */
export function startTestSentinel(options: RedisGroupOptions = {}): Promise<TestSentinel> {
  return startSentinelGroup(testHost, options);
}
