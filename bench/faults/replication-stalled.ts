/** Replicas are connected and hear nothing; then the primary dies, and one of them takes over without what it missed. */

import { beyondStaleness, type Concession, type Fault } from './fault.ts';

function stalled(replicas: number, title: string, concession: Concession): Fault {
  return {
    title,
    deed: `nothing that the primary says reaches its replicas, people log out, the primary is killed, and a replica is promoted; replicas: ${replicas}`,
    source: 'row 65 (ASVS 16.5.2, 16.5.3); Redis documentation, "Replication" and WAIT',
    befalls: 'redis',
    concession,
    topology: 'sentinel',
    replicas,
    lastsMillis: beyondStaleness,
    async inflict({ group }) {
      const former = await group.primary();
      const goOn = group.stall('replicas');
      return async () => {
        await former.kill();
        await group.successor(former);
        goOn();
        await former.restart();
        await group.settled();
      };
    },
  };
}

export const replicationStalledConfirmed = stalled(1, 'a promotion after replication stalled, replicas: 1', {
  words:
    'Look-ups at a primary that has been deposed, and does not know it yet, are the one thing that nobody can notice; what was acknowledged is kept.',
  acceptsRevoked: 'look-ups',
});
export const replicationStalledUnconfirmed = stalled(0, 'a promotion after replication stalled, replicas: 0', {
  words: 'With `replicas: 0` a promotion loses what the replica had not received.',
  acceptsRevoked: 'everybody',
  losesRevocations: true,
  refusesValid: true,
});
