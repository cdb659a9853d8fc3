/** Rotation on Redis, for a family that follows everything and one that follows the realm alone. */

import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { connectRedisEventLog } from '../eventlog/redis-event-log.ts';
import { describeRotations } from './rotation.contract.ts';

describeRotations('Redis', () => {
  const realm = `rotation-${randomUUID()}`;
  return { connect: () => connectRedisEventLog({ url: inject('redisUrl'), realm, partitions: 2 }) };
}, ['denylist-es256', 'hybrid-es256']);
