/** Redis is told to write only with a replica connected, and has none. */

import { beyondStaleness, type Fault } from './fault.ts';
import { configure } from './redis-commands.ts';

export const redisMinReplicas: Fault = {
  title: 'Redis without the replicas it demands',
  deed: 'min-replicas-to-write is 1, and there is no replica',
  source: 'row 65 (ASVS 16.5.2, 16.5.3); Redis documentation, "Replication"',
  befalls: 'redis',
  concession: null,
  topology: 'one',
  wires: 'direct',
  lastsMillis: beyondStaleness,
  async inflict({ redis }) {
    await configure(redis, 'min-replicas-to-write', '1');
    return () => configure(redis, 'min-replicas-to-write', '0');
  },
};
