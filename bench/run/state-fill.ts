/** Two realms that are alike but for the sessions of one, and what these occupy in Redis. */

import type { Redis } from 'ioredis';
import { dropOperations, untilQuiet, usedMemory } from '../environment/redis-memory.ts';
import type { Halves } from '../record/state-events.ts';
import type { StatePlan } from '../scenario/state-schema.ts';
import { bulkLogIn, bulkLogOut } from '../workload/bulk-log-in.ts';
import type { Credential } from '../workload/credential.ts';
import type { Lab } from './lab.ts';
import type { StateRealm } from './stage.ts';

export interface Filled {
  readonly redisBytes: { readonly before: number; readonly begun: number; readonly ended: number | null };
  /** Of sessions that live: as many in the one realm as in the other. */
  readonly live: Halves<readonly Credential[]>;
  /** Some of those that were ended. */
  readonly ended: readonly Credential[];
}

/** Ended sessions, and living ones, that are shown to a node, to see what it takes them for. */
export const shownToNode = 20;

/**
 * The living ones are begun last where the others are ended, and are spread over all of them where not: a node that is
 * asked with those of one moment would have them together in its memory, and Redis in its own.
 */
export async function fillRealms(
  lab: Lab,
  client: Redis,
  realms: Halves<StateRealm>,
  plan: StatePlan,
): Promise<Filled> {
  const { sessions, ended } = plan;
  const livingCount = Math.min(lab.scenario.credentials, sessions);
  const without = await fillWithout(lab, realms.without, livingCount);
  const { contestant, fill: start } = realms.with;
  const steps = (what: string) => ({
    signal: lab.signal,
    onProgress: (done: number) => lab.progress.step(`${contestant.name} ${done} of ${sessions} ${what}`),
  });
  const fill = await start();
  try {
    const read = () => memoryOf(client, realms.with.realm);
    const before = await read();
    const kept = Math.floor(sessions / (ended ? Math.min(shownToNode, sessions) : livingCount));
    const begun = await credentials(bulkLogIn(fill, contestant, sessions, { kept, ...steps('begun') }));
    const redisBegun = await read();
    if (!ended) {
      const live = { without, with: begun.slice(0, livingCount) };
      return { redisBytes: { before, begun: redisBegun, ended: null }, live, ended: [] };
    }
    await bulkLogOut(fill, sessions, steps('ended'));
    const redisEnded = await read();
    const living = await credentials(
      bulkLogIn(fill, contestant, livingCount, { firstUser: sessions, ...steps('begun') }),
    );
    const redisBytes = { before, begun: redisBegun, ended: redisEnded };
    return { redisBytes, live: { without, with: living }, ended: begun };
  } finally {
    await fill.stop();
  }
}

async function fillWithout({ signal }: Lab, { contestant, fill: start }: StateRealm, count: number) {
  const fill = await start();
  try {
    return await credentials(bulkLogIn(fill, contestant, count, { signal }));
  } finally {
    await fill.stop();
  }
}

async function memoryOf(client: Redis, realm: string): Promise<number> {
  await dropOperations(client, realm);
  await untilQuiet(client);
  return usedMemory(client);
}

async function credentials(logins: ReturnType<typeof bulkLogIn>): Promise<readonly Credential[]> {
  return (await logins).map(({ credential }) => credential);
}
