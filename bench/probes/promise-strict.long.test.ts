/** The promise of `hybrid-strict`, on real processes: once a logout is acknowledged no node lets the session in. */

import { afterEach, describe, expect, it } from 'vitest';
import { seededFraction } from '../../src/kernel/random.ts';
import { startTestRedis, type TestRedis } from '../environment/test-redis.ts';
import { startGenerator } from '../load/generator-client.ts';
import type { Contestant } from '../workload/contestant.ts';
import type { Credential } from '../workload/credential.ts';
import { Prober } from './prober.ts';
import { Figures, type Outcome, printFigures } from './promise.contract.ts';
import { hybrid, type Realm, startRealm, strict } from './promise-nodes.contract.ts';
import { awaitAcceptance, sendRevoke, type TrialOptions } from './revocation.ts';
import { Watch } from './watch.ts';

const stalenessLimitMillis = 2_000;
const strictRevokes = 1_000;
/** One for each fourth strict one: the same moments, the same load, the other promise. */
const plainRevokes = 250;
/** Of each node, sent after the acknowledgement. */
const probesPerNode = 100;
const victimsAtOnce = 4;
const loadUsers = 100;
const patienceMillis = 30_000;

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function openRedis(): Promise<TestRedis> {
  const redis = await startTestRedis();
  closing.push(() => redis.close());
  return redis;
}

async function openRealm(redisUrls: readonly string[]): Promise<Realm> {
  const realm = await startRealm({ redisUrls, stalenessLimitMillis });
  closing.push(() => realm.close());
  return realm;
}

function openProber(contestant: Contestant, pauseMillis = 0): Prober {
  const prober = new Prober(contestant, { pauseMillis });
  closing.push(() => prober.close());
  return prober;
}

function trialOf(prober: Prober, victim: Credential, revokeAtNode: number): TrialOptions {
  const unused = { random: () => 0, watchMillis: 0, boundMillis: 0, lifetimeMillis: null };
  return { prober, victim, revokeAtNode, ...unused };
}

/** Waits until all nodes let the victim in, logs it out, and asks all nodes at once from the acknowledgement on. */
async function revokeAndProbe(prober: Prober, victim: Credential, revokedAtNode: number): Promise<Outcome> {
  const options = trialOf(prober, victim, revokedAtNode);
  const before = new Watch(prober, victim);
  expect(await awaitAcceptance(before, options)).toBeNull();
  await before.stop();
  const revoke = await sendRevoke(options);
  const after = new Watch(prober, victim);
  const refused = await after.until(
    ({ verdict, length }) => verdict !== 'accepted' && length >= probesPerNode,
    patienceMillis,
  );
  await after.stop();
  expect(refused, `${victim.user} is refused by every node in the end`).toBe(true);
  return { user: victim.user, revokedAtNode, revoke, logs: after.logs };
}

describe('hybrid-strict', () => {
  it('1,000 revokes under load: nobody is let in after the acknowledgement', async () => {
    const { url } = await openRedis();
    const realm = await openRealm([url, url, url]);
    const generator = await startGenerator({ supervisor: realm.supervisor });
    closing.push(() => generator.close());
    const path = realm.contestants[strict].protectedPath;
    const credentials = await realm.logIn(realm.contestants[strict], loadUsers);
    await generator.keepCredentials(
      'load',
      credentials.map((credential) => credential.headersFor(path)),
    );
    const plan = planOf(
      await realm.logIn(realm.contestants[strict], strictRevokes),
      await realm.logIn(realm.contestants[hybrid], plainRevokes),
    );
    const figures = {
      [strict]: new Figures('hybrid-strict under load', 0),
      [hybrid]: new Figures('hybrid under load', stalenessLimitMillis),
    };
    const random = seededFraction(20_261_124);
    await generator.startLoad(
      realm.nodes.map(({ baseUrl }) => ({ baseUrl, path, connections: 1, credentialsKey: 'load' })),
    );
    const work = async (): Promise<void> => {
      const probers = {
        [strict]: openProber(realm.contestants[strict]),
        [hybrid]: openProber(realm.contestants[hybrid]),
      };
      for (let next = plan.pop(); next !== undefined; next = plan.pop()) {
        const node = Math.floor(random() * realm.nodes.length);
        figures[next.strategy].add(await revokeAndProbe(probers[next.strategy], next.victim, node));
      }
    };
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: victimsAtOnce }, work));
    const seconds = (performance.now() - startedAt) / 1_000;
    const loads = await generator.stopLoad();
    printFigures(
      `Logouts under load, ${victimsAtOnce} at once, in ${seconds.toFixed(0)} s; beside them the load's requests on each ` +
        `node: ${loads.map(({ statuses }) => JSON.stringify(statuses)).join(', ')}`,
      [figures[strict], figures[hybrid]],
    );
    expect(figures[strict].violations).toEqual([]);
    expect(figures[strict].acknowledged).toBe(strictRevokes);
    expect(figures[hybrid].violations).toEqual([]);
    expect(figures[hybrid].acknowledged).toBe(plainRevokes);
    for (const { statuses } of loads) expect(Object.keys(statuses)).toEqual(['200']);
  });
});

/** Mixed evenly. */
function planOf(strictVictims: readonly Credential[], plainVictims: readonly Credential[]) {
  const each = Math.round(strictVictims.length / plainVictims.length);
  return strictVictims.flatMap((victim, index) => {
    const plain = index % each === 0 ? plainVictims[index / each] : undefined;
    const planned = { strategy: strict, victim } as const;
    return plain === undefined ? [planned] : [planned, { strategy: hybrid, victim: plain } as const];
  });
}
