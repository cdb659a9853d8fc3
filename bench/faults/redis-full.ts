/** Redis has no memory left and evicts nothing: it answers, and takes no more. */

import { beyondStaleness, type Fault } from './fault.ts';
import { configure } from './redis-commands.ts';

export const redisFull: Fault = {
  title: 'Redis out of memory',
  deed: 'maxmemory is reached, with noeviction',
  source: 'row 65 (ASVS 16.5.2, 16.5.3); Redis documentation, "Key eviction"',
  befalls: 'redis',
  concession: null,
  topology: 'one',
  wires: 'direct',
  lastsMillis: beyondStaleness,
  async inflict({ redis }) {
    await configure(redis, 'maxmemory', '1');
    return () => configure(redis, 'maxmemory', '0');
  },
};
