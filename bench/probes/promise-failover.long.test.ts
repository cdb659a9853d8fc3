/**
 * The promise while Sentinels replace a primary that stands still, on real processes: what the new primary acknowledges
 * holds on every node within S, for `hybrid-strict` at once, also where a node still hangs on the old primary and that
 * one goes on as if nothing had happened. And what was acknowledged is never lost.
 */

import { afterEach, describe, expect, it } from 'vitest';
import { type RandomFraction, seededFraction } from '../../src/kernel/random.ts';
import { ask } from '../environment/redis-group.ts';
import { startTestSentinel, type TestSentinel } from '../environment/test-sentinel.ts';
import type { Contestant } from '../workload/contestant.ts';
import type { Credential } from '../workload/credential.ts';
import { Figures, isAcknowledged, OpenRun, pauseUntil, printFigures, Victim } from './promise.contract.ts';
import { hybrid, type Realm, startRealm, strict } from './promise-nodes.contract.ts';

/** A failover takes two seconds; a shorter limit would have run out by itself before there is anybody to acknowledge. */
const stalenessLimitMillis = 4_000;
const trials = 10;
/** Logouts that are under way when the primary stops. */
const logoutsUnderWay = 6;
const acknowledgedWithinMillis = 20_000;
const probePauseMillis = 5;
const marginMillis = 400;

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Setting {
  readonly group: TestSentinel;
  readonly realm: Realm;
  readonly figures: {
    readonly underWay: Figures;
    readonly promoted: Figures;
    readonly split: Figures;
    readonly strictly: Figures;
  };
  readonly random: RandomFraction;
  /** Everybody whose logout was acknowledged. */
  readonly gone: { readonly contestant: Contestant; readonly credential: Credential }[];
}

/** The last node knows one Sentinel only: while that one is stopped it does not hear of any failover. */
async function open(replicas: number): Promise<Setting> {
  const group = await startTestSentinel();
  closing.push(() => group.close());
  // They must not take having been stopped for a fault of their clocks, which keeps them from acting for a while.
  await Promise.all(group.sentinels.map((each) => ask(each, 'SENTINEL', 'DEBUG', 'tilt-trigger', '600000')));
  const lonelyUrl = `redis+sentinel://127.0.0.1:${group.sentinels.at(-1)?.port}/${group.name}`;
  const realm = await startRealm({ redisUrls: [group.url, group.url, lonelyUrl], stalenessLimitMillis, replicas });
  closing.push(() => realm.close());
  const figures = {
    underWay: new Figures('hybrid, under way as the primary stops', stalenessLimitMillis),
    promoted: new Figures('hybrid, by the new primary', stalenessLimitMillis),
    split: new Figures('hybrid, by the new primary, the old one runs again', stalenessLimitMillis),
    strictly: new Figures('hybrid-strict, by the new primary, the old one runs again', 0),
  };
  return { group, realm, figures, random: seededFraction(4_103), gone: [] };
}

async function failOverDuringLogouts({ group, realm, figures, random, gone }: Setting, trial: number): Promise<void> {
  const { contestants } = realm;
  const former = await group.primary();
  const all = await realm.logIn(contestants[hybrid], logoutsUnderWay + 4);
  const [slow] = await realm.logIn(contestants[strict], 1);
  const [one, other, late, witness, ...early] = all;
  if (!one || !other || !late || !witness || !slow) throw new Error('they were logged in');
  const victims = await Promise.all(early.map((each) => Victim.admit(contestants[hybrid], each, 1)));
  const runs: OpenRun[] = [];
  const run = (revokeAtNode: number, pauseMillis = probePauseMillis): OpenRun => {
    const opened = new OpenRun(revokeAtNode, pauseMillis);
    runs.push(opened);
    return opened;
  };
  const admitted = await Promise.all([one, other, late].map((each) => Victim.admit(contestants[hybrid], each)));
  const [oneVictim, otherVictim, lateVictim] = admitted as [Victim, Victim, Victim];
  const slowVictim = await Victim.admit(contestants[strict], slow);

  group.sentinels.at(-1)?.pause();
  const underWay = victims.map((victim, index) => victim.revoke(run(index % realm.nodes.length, 50)));
  await pauseUntil(performance.now() + random() * 5);
  former.pause();
  await group.successor(former);
  const pilots = [run(0), run(1)] as const;
  const promoted = [
    oneVictim.revokeAtLast(pilots[0], acknowledgedWithinMillis),
    otherVictim.revokeAtLast(pilots[1], acknowledgedWithinMillis),
  ] as const;
  await Promise.all([pilots[0].acknowledged(promoted[0]), pilots[1].acknowledged(promoted[1])]);
  // Both nodes are with the new primary. From here on nobody tells the old one that it is not the primary any more.
  for (const sentinel of group.sentinels) if (sentinel.answers) sentinel.pause();
  former.resume();
  const [lateRun, slowRun] = [run(trial % 2), run(trial % 2)];
  const split = lateVictim.revokeAtLast(lateRun, acknowledgedWithinMillis);
  const strictly = slowVictim.revokeAtLast(slowRun, acknowledgedWithinMillis);
  await pauseUntil((await lateRun.acknowledged(split)) + stalenessLimitMillis + marginMillis);
  await pauseUntil((await slowRun.acknowledged(strictly)) + marginMillis);

  for (const sentinel of group.sentinels) sentinel.resume();
  await group.settled();
  await realm.ready();
  for (const each of runs) each.end();
  for (const [index, outcome] of (await Promise.all(underWay)).entries()) {
    figures.underWay.add(outcome);
    const credential = early[index];
    if (isAcknowledged(outcome.revoke) && credential) gone.push({ contestant: contestants[hybrid], credential });
  }
  for (const outcome of await Promise.all(promoted)) figures.promoted.add(outcome);
  figures.split.add(await split);
  figures.strictly.add(await strictly);
  for (const credential of [one, other, late]) gone.push({ contestant: contestants[hybrid], credential });
  gone.push({ contestant: contestants[strict], credential: slow });
  expect(await realm.statusesOf(contestants[hybrid], witness), 'who did not log out').toEqual([200, 200, 200]);
}

async function expectGone({ realm, gone }: Setting): Promise<void> {
  for (const { contestant, credential } of gone) {
    expect(await realm.statusesOf(contestant, credential), credential.user).toEqual([401, 401, 401]);
  }
}

describe('a primary that is replaced', () => {
  it('with replicas 1 nobody is let in beyond the bound, and nothing acknowledged is lost', async () => {
    const setting = await open(1);
    const { figures } = setting;
    for (let trial = 0; trial < trials; trial += 1) await failOverDuringLogouts(setting, trial);
    printFigures(
      `The primary stopped and replaced ${trials} times, a node left behind; ${setting.gone.length} acknowledged logouts`,
      Object.values(figures),
    );
    for (const each of Object.values(figures)) expect(each.violations).toEqual([]);
    expect([figures.promoted, figures.split, figures.strictly].map(({ acknowledged }) => acknowledged)).toEqual([
      2 * trials,
      trials,
      trials,
    ]);
    // The node that is left behind was still fresh at some of the acknowledgements, or there would have been nothing to see.
    expect(figures.promoted.exposed).toBeGreaterThan(0);
    await expectGone(setting);
  });

  it('with replicas 0 the old primary keeps a node fresh that knows nothing: the same probes see it', async () => {
    const setting = await open(0);
    const { figures } = setting;
    await failOverDuringLogouts(setting, 0);
    printFigures('The same once, where a beat counts that no replica has confirmed', Object.values(figures));
    expect(figures.split.violations).not.toEqual([]);
    expect(figures.strictly.violations).not.toEqual([]);
  });
});
