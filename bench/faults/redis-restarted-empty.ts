/** Redis dies and comes back with nothing: its disk was lost, or nobody had told it to keep anything. */

import type { Fault } from './fault.ts';

export const redisRestartedEmpty: Fault = {
  title: 'Redis restarted empty',
  deed: 'Redis is killed (SIGKILL), its files are removed, and it is started again',
  source: 'row 65 (ASVS 16.5.2, 16.5.3); Redis documentation, "Replication", on primaries without persistence',
  befalls: 'redis',
  concession: {
    words: 'Whoever was logged in may have to log in again; nobody who had logged out may be let in.',
    refusesValid: true,
  },
  topology: 'one',
  wires: 'direct',
  lastsMillis: () => 1_000,
  async inflict({ redis }) {
    await redis.kill();
    return () => redis.restartEmpty();
  },
};
