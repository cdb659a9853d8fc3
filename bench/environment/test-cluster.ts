/** A Redis Cluster of a test's own, gone with the test process whatever happens. */

import { type ClusterGroup, startClusterGroup } from './cluster-group.ts';
import type { RedisGroupOptions } from './redis-group.ts';
import { testHost } from './test-server.ts';

export type TestCluster = ClusterGroup;

/** As `startClusterGroup`. */
export function startTestCluster(options: RedisGroupOptions = {}): Promise<TestCluster> {
  return startClusterGroup(testHost, options);
}
