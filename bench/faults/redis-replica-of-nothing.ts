/** Redis is told that it is a replica, of nobody who answers: it may be read, and refuses every write. */

import { beyondStaleness, type Fault } from './fault.ts';
import { tell } from './redis-commands.ts';

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
    await tell(redis, 'REPLICAOF', ...nobody);
    return async () => void (await tell(redis, 'REPLICAOF', 'NO', 'ONE'));
  },
};
