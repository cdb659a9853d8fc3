/** The trial, on toy servers that do what the test says: what it records, and that its scores catch who fails open. */

import { afterEach, describe, expect, it } from 'vitest';
import { seededFraction } from '../../src/kernel/random.ts';
import { inflicted } from '../report/example-faults.ts';
import { scoreOf } from '../report/summarise/fault-score.ts';
import { startToy, type Toy, type ToyOptions } from '../workload/toy-contestant.ts';
import { type FaultTrialOptions, runFaultTrial } from './fault-trial.ts';

const boundMillis = 200;
const lastsMillis = 600;

const opened: Toy[] = [];
afterEach(async () => {
  for (const toy of opened.splice(0)) await toy.close();
});

async function open(options: ToyOptions = {}): Promise<Toy> {
  const toy = await startToy(options);
  opened.push(toy);
  return toy;
}

async function play(toy: Toy, changes: Partial<FaultTrialOptions> = {}) {
  let users = 0;
  const { times, outcomes } = await runFaultTrial({
    contestants: [toy.contestant],
    boundMillisOf: () => boundMillis,
    takeUsers: (count) => {
      users += count;
      return users - count;
    },
    inflict: async () => async () => undefined,
    lastsMillis,
    standstills: () => [],
    settled: async () => undefined,
    random: seededFraction(1),
    settledMillis: 200,
    ...changes,
  });
  const [outcome] = outcomes;
  if (outcome?.ok !== true) return { times, outcome, score: null };
  const promises = { refusesRevoked: true, losesNothing: true, keepsValid: true };
  const common = { at: '', fault: 'redis-killed', trial: 1, contestant: 'toy', promises } as const;
  const seen = { type: 'FaultObserved', ...common, ...outcome } as const;
  return { times, outcome, score: scoreOf('toy', [{ times: inflicted(times), seen }]) };
}

describe('a trial', () => {
  it('sees a contestant that goes on, every logout acknowledged and none lost', async () => {
    const { score, outcome } = await play(await open());
    expect(score).toMatchObject({ failure: 'goes-on', acknowledged: 8, brokenPromises: [] });
    expect(score?.logouts).toMatchObject({ statuses: { 204: 5 }, unacknowledged: 0 });
    const parts = outcome?.ok === true ? outcome.credentials.map(({ part }) => part) : [];
    expect(parts.toSorted()).toEqual([
      ...Array.from({ length: 3 }, () => 'revoked-before'),
      ...Array.from({ length: 5 }, () => 'revoked-during'),
      ...Array.from({ length: 2 }, () => 'valid'),
    ]);
  });

  it('sees one that refuses while it is broken, keeps who logs out waiting, and recovers', async () => {
    const toy = await open();
    const { score, times } = await play(toy, {
      inflict: async () => {
        toy.stall();
        return async () => toy.unstall();
      },
    });
    expect(score).toMatchObject({ failure: 'closed', lost: 0, brokenPromises: [] });
    expect(score?.befallen.disturbedFromMillis).toBeLessThan(200);
    expect(score?.recovery.millis).toBeLessThan(300);
    // Whoever logged out in its first fifth waited for its end.
    expect(score?.longestAnswerMillis).toBeGreaterThan(0.8 * lastsMillis - 50);
    expect(times.endingMillis - times.stoodMillis).toBeGreaterThanOrEqual(lastsMillis - 1);
  });

  it('catches a node that lets people in beyond the bound, and says for how long', async () => {
    let broken = false;
    const acceptsForMillis = (node: number) => (broken && node === 1 ? 400 : 0);
    const { score } = await play(await open({ acceptsForMillis }), {
      inflict: async () => {
        broken = true;
        return async () => undefined;
      },
    });
    expect(score).toMatchObject({ failure: 'open', brokenPromises: ['refuses-revoked'], lost: 0 });
    expect(score?.acceptedRevoked.longestMillis).toBeGreaterThan(boundMillis);
    expect(score?.acceptedRevoked.longestMillis).toBeLessThan(401);
  });

  it('catches logouts that are acknowledged and not done', async () => {
    let broken = false;
    const acceptsForMillis = () => (broken ? Number.POSITIVE_INFINITY : 0);
    const { score } = await play(await open({ acceptsForMillis }), {
      inflict: async () => {
        broken = true;
        return async () => undefined;
      },
    });
    // Those of before are forgotten as well: the toy looks at what it does now.
    expect(score).toMatchObject({ acknowledged: 8, lost: 8, failure: 'open' });
    expect(score?.brokenPromises).toEqual(['refuses-revoked', 'loses-nothing']);
    expect(score?.recovery.millis).toBeNull();
  }, 30_000);

  it('catches valid credentials that are called invalid', async () => {
    let broken = false;
    const { score } = await play(await open({ override: (node) => (broken && node === 0 ? 401 : null) }), {
      inflict: async () => {
        broken = true;
        return async () => {
          broken = false;
        };
      },
    });
    expect(score).toMatchObject({ brokenPromises: ['keeps-valid'], falseRejections: { credentials: 1 } });
  });

  it('leaves out whoever does not work before anything is broken', async () => {
    const { outcome } = await play(await open({ loginStatus: 503 }));
    expect(outcome).toEqual({ ok: false, reason: 'toy answered a login with 503' });
    const refusing = await play(await open({ revokeStatus: 500 }));
    expect(refusing.outcome).toEqual({ ok: false, reason: 'a logout was answered with 500 before the fault' });
  });

  it('ends the fault when it is interrupted', async () => {
    const interruption = new AbortController();
    let isBroken = false;
    const playing = play(await open(), {
      signal: interruption.signal,
      inflict: async () => {
        isBroken = true;
        interruption.abort();
        return async () => {
          isBroken = false;
        };
      },
    });
    await expect(playing).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' });
    expect(isBroken).toBe(false);
  });
});
