/** All strategies keep their contract on a group that Sentinels watch and on a Cluster. */

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe } from 'vitest';
import { startTestCluster } from '../../bench/environment/test-cluster.ts';
import { startTestSentinel } from '../../bench/environment/test-sentinel.ts';
import { connectRedisEventLog } from '../eventlog/redis-event-log.ts';
import { describeStrategies } from './strategy.contract.ts';

describe.each([
  ['Redis behind Sentinels', startTestSentinel],
  ['a Redis Cluster', startTestCluster],
] as const)('%s', (name, start) => {
  let topology: Awaited<ReturnType<typeof start>>;

  beforeAll(async () => {
    topology = await start();
  });
  afterAll(() => topology.close());

  describeStrategies(name, () => {
    const realm = `strategies-${randomUUID()}`;
    return { connect: () => connectRedisEventLog({ url: topology.url, realm, partitions: 3, replicas: 1 }) };
  });
});
