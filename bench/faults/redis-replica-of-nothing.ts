/** Redis is told that it is a replica, of nobody who answers: it may be read, and refuses every write. */

import { ask } from '../environment/redis-group.ts';
import { beyondStaleness, type Fault } from './fault.ts';

/** Nobody listens there. */
const nobody = ['127.0.0.1', '1'] as const;

export const redisReplicaOfNothing: Fault = {
  title: 'Redis made a replica of nothing',
  deed: 'REPLICAOF makes Redis read-only, and later a primary again',
  source: 'row 65 (ASVS 16.5.2, 16.5.3); Redis documentation, REPLICAOF',
  befalls: 'redis',
  concession: null,
  topology: 'one',
  wires: 'direct',
  lastsMillis: beyondStaleness,
  async inflict({ redis }) {
    await ask(redis, 'REPLICAOF', ...nobody);
    return async () => void (await ask(redis, 'REPLICAOF', 'NO', 'ONE'));
  },
};
