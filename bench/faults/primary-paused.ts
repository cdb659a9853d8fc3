/** A primary stands still, a replica takes over, and the former primary goes on as if nothing had happened. */

import type { Concession, Fault } from './fault.ts';

/** A failover takes two seconds or so; then the nodes live with the successor for longer than they may be out of touch. */
const lastsMillis = (stalenessLimitMillis: number): number => stalenessLimitMillis + 4_000;

/** README, "What Redis can lose". */
const deposedReads: Concession = {
  words:
    'Look-ups at a primary that has been deposed, and does not know it yet, are the one thing that nobody can notice; what was acknowledged is kept.',
  acceptsRevoked: 'look-ups',
};
const unconfirmed: Concession = {
  words:
    'With `replicas: 0` a promotion loses what the replica had not received, and a deposed primary keeps nodes fresh that still reach it.',
  acceptsRevoked: 'everybody',
  losesRevocations: true,
  refusesValid: true,
};

function sentinelFailover(replicas: number, title: string, concession: Concession): Fault {
  return {
    title,
    deed: `the primary is stopped (SIGSTOP), Sentinels promote a replica, and the former primary goes on; replicas: ${replicas}`,
    source: 'row 65 (ASVS 16.5.2, 16.5.3); Redis documentation, "High availability with Redis Sentinel"',
    befalls: 'redis',
    concession,
    topology: 'sentinel',
    replicas,
    lastsMillis,
    async inflict({ group }) {
      const former = await group.primary();
      former.pause();
      return async () => {
        // All others follow another by then. A primary that comes back while it is being replaced is conceded: README.
        await group.settled();
        former.resume();
        await group.settled();
      };
    },
  };
}

export const sentinelFailoverConfirmed = sentinelFailover(1, 'failover by Sentinel, replicas: 1', deposedReads);
export const sentinelFailoverUnconfirmed = sentinelFailover(0, 'failover by Sentinel, replicas: 0', unconfirmed);

export const clusterMasterPaused: Fault = {
  title: 'failover in a Cluster',
  deed: 'the master of the users is stopped (SIGSTOP), its replica takes over, and the former master goes on; replicas: 1',
  source: 'row 65 (ASVS 16.5.2, 16.5.3); Redis documentation, "Redis cluster specification"',
  befalls: 'redis',
  concession: deposedReads,
  topology: 'cluster',
  replicas: 1,
  lastsMillis,
  async inflict({ cluster, realm }) {
    const former = await cluster.primary(`{${realm}:0}`);
    former.pause();
    // At any time: its one replica takes over, and nobody is left who could confirm what it writes meanwhile.
    return async () => {
      former.resume();
      await cluster.settled();
    };
  },
};
