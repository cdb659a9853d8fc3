/** Both scenarios of faults, whole: every promise of a configuration is kept, and what it does not promise is seen to break. */

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findFaketime } from '../environment/bent-clock.ts';
import { brokenPromiseSentences } from '../report/fault-words.ts';
import type { FaultScore } from '../report/summarise/fault-score.ts';
import type { FaultResults } from '../report/summarise/faults.ts';
import { expectNothingLeft, outcomeOf, useLabProcess } from './run-interruptions.contract.ts';

const lab = useLabProcess();
const scenario = (name: string) => join(import.meta.dirname, `../../scenarios/${name}.yaml`);

async function scoresOf(name: string): Promise<(fault: string, contestant: string) => FaultScore> {
  const ended = await lab().start('run', scenario(name), '--runs', lab().runs, '--json');
  await expectNothingLeft(lab());
  const { measures, warnings } = JSON.parse(lab().stdout);
  const faults: readonly FaultResults[] = measures.faults;
  const given = warnings.filter(({ measure }: { measure?: string }) => measure === 'faults');
  expect([brokenPromiseSentences(faults), given]).toEqual([[], []]);
  // No line of `expect` has failed.
  expect(ended).toEqual({ code: 0, signal: null });
  const hasFaketime = (await findFaketime()) !== null;
  const notRun = faults.filter(({ inflicted }) => inflicted === null).map(({ fault }) => fault);
  // Without the library the clocks stay right, and the report says how to get it.
  expect(notRun).toEqual(hasFaketime || name !== 'faults' ? [] : ['node-clock-ahead', 'node-clock-behind']);
  return (fault, contestant) => {
    const scores = faults.find((each) => each.fault === fault)?.inflicted?.contestants ?? [];
    const score = scores.find((each) => each.contestant === contestant);
    if (score === undefined) throw new Error(`${contestant} was not seen under ${fault}`);
    return score;
  };
}

describe('what Redis and nodes do', { timeout: 600_000 }, () => {
  test('on one Redis', async () => {
    const score = await scoresOf('faults');
    for (const name of ['session', 'denylist-hs256', 'epoch-hs256', 'hybrid-hs256', 'hybrid-strict-hs256']) {
      expect([name, score('redis-paused', name).failure]).toEqual([name, 'closed']);
    }
    expect(score('redis-paused', 'jwt-hs256').befallen.disturbedFromMillis).toBeNull();
    // Who follows the log notices that it takes no writes; who looks up does not.
    expect(score('redis-replica-of-nothing', 'hybrid-hs256').failure).toBe('closed');
    expect(score('redis-replica-of-nothing', 'session').failure).toBe('goes-on');
    // A list of the revoked that forgets is the one thing that fails open here, and nobody says that it cannot.
    expect(score('redis-evicting-records', 'denylist-hs256')).toMatchObject({ failure: 'open', brokenPromises: [] });
    expect(score('redis-evicting-records', 'denylist-hs256').lost).toBeGreaterThan(0);
    expect(score('redis-evicting-records', 'hybrid-hs256')).toMatchObject({ failure: 'goes-on', lost: 0 });
    expect(score('redis-restarted-empty', 'session').falseRejections.credentials).toBeGreaterThan(0);
  });

  test('where another Redis takes over', async () => {
    const score = await scoresOf('faults-failover');
    for (const name of ['session', 'denylist-hs256', 'hybrid-hs256']) {
      expect([name, score('replication-stalled', name).lost]).toEqual([name, 0]);
    }
    // Acknowledged, and nowhere but on a primary that died: only nodes that had heard of it know.
    for (const name of ['session', 'reference-token', 'denylist-hs256', 'epoch-hs256']) {
      const { lost, failure } = score('replication-stalled-unconfirmed', name);
      expect([name, lost > 0, failure]).toEqual([name, true, 'open']);
    }
    expect(score('replication-stalled-unconfirmed', 'hybrid-hs256')).toMatchObject({ lost: 0, failure: 'closed' });
  });
});

describe('a run of faults that is interrupted', { timeout: 120_000 }, () => {
  test('keeps what it scored, and leaves nothing', async () => {
    const ended = lab().start('run', scenario('faults-failover'), '--runs', lab().runs);
    await lab().line('breaking things');
    // Three servers and three Sentinels.
    await expect.poll(() => lab().faultServers().length, { timeout: 60_000 }).toBe(6);
    lab().signal('SIGINT');
    expect(await ended).toEqual({ code: 130, signal: null });
    await expectNothingLeft(lab());
    expect(outcomeOf(lab())).toBe('aborted');
  });
});
