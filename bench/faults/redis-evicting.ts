/** Somebody takes the Redis that holds the log for a cache, and has it make room. */

import { beyondStaleness, type Fault } from './fault.ts';
import { configure, memoryOf } from './redis-commands.ts';

/** Of what Redis keeps: so much it has to give up. */
const evictedShare = 0.5;

function evicting(policy: string, title: string, what: string): Fault {
  return {
    title,
    deed: `maxmemory-policy becomes ${policy} in a running Redis, and maxmemory is half of what it keeps, so that it evicts ${what}`,
    source: 'row 65 (ASVS 16.5.2, 16.5.3); Redis documentation, "Key eviction"',
    befalls: 'redis',
    concession: {
      words:
        'Each node looks at the policy every minute, and is not ready from then on; what Redis forgets meanwhile is forgotten. Whoever keeps revocations in memory as well lets nobody in.',
      acceptsRevoked: 'look-ups',
      losesRevocations: true,
      refusesValid: true,
    },
    topology: 'one',
    wires: 'direct',
    lastsMillis: beyondStaleness,
    async inflict({ redis }) {
      const of = await memoryOf(redis);
      const limit = of('used_memory') - evictedShare * of('used_memory_dataset');
      await configure(redis, 'maxmemory-policy', policy);
      await configure(redis, 'maxmemory', `${Math.floor(limit)}`);
      return async () => {
        await configure(redis, 'maxmemory', '0');
        await configure(redis, 'maxmemory-policy', 'noeviction');
      };
    },
  };
}

export const redisEvicting = evicting('allkeys-lru', 'Redis set to evict', 'whatever nobody has used for longest');
export const redisEvictingRecords = evicting(
  'volatile-lru',
  'Redis set to evict what expires',
  'records that expire, and leaves the log alone',
);
