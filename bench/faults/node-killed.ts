/** A node dies and is started again: what it had in memory is gone. */

import type { Fault } from './fault.ts';

export const nodeKilled: Fault = {
  title: 'a node killed',
  deed: 'a node is killed (SIGKILL), and started again a second later',
  source: 'row 64 (Keycloak issue 31296)',
  befalls: 'first-node',
  concession: null,
  topology: 'one',
  wires: 'direct',
  lastsMillis: () => 1_000,
  async inflict({ first }) {
    await first.kill();
    return async () => first.restart();
  },
};
