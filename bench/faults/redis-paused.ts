/** Redis stands still with its connections open: nobody is told that it is away, and nothing is answered. */

import { beyondStaleness, type Fault } from './fault.ts';

export const redisPaused: Fault = {
  title: 'Redis paused',
  deed: 'Redis is stopped (SIGSTOP) for longer than the staleness limit, and goes on',
  source: 'rows 65 and 66 (ASVS 16.5.2, 13.1.3, 13.2.6)',
  befalls: 'redis',
  concession: null,
  topology: 'one',
  wires: 'direct',
  lastsMillis: beyondStaleness,
  async inflict({ redis }) {
    redis.pause();
    return async () => redis.resume();
  },
};
