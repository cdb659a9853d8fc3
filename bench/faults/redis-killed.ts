/** Redis dies and is started again with what it had written: nothing that it had handed to the system is lost. */

import { beyondStaleness, type Fault } from './fault.ts';

export const redisKilled: Fault = {
  title: 'Redis killed',
  deed: 'Redis is killed (SIGKILL), and started again with its append-only file',
  source: 'row 65 (ASVS 16.5.2, 16.5.3); Redis documentation, "Persistence"',
  befalls: 'redis',
  concession: null,
  topology: 'one',
  wires: 'direct',
  lastsMillis: beyondStaleness,
  async inflict({ redis }) {
    await redis.kill();
    return () => redis.restart();
  },
};
