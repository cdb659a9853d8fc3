/** All strategies keep their contract on Redis. */

import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { connectRedisEventLog } from '../eventlog/redis-event-log.ts';
import { describeStrategies } from './strategy.contract.ts';

const openRealm = () => {
  const realm = `strategies-${randomUUID()}`;
  return { connect: () => connectRedisEventLog({ url: inject('redisUrl'), realm, partitions: 3 }) };
};

describeStrategies('Redis', openRealm, []);
