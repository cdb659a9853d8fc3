/** Self-test of the exposure window: a strategy that accepts for a known time after a revoke, in a whole run. Needs `dist`. */

import { describe, expect, it } from 'vitest';
import { contestantIn, resultsOfRun, tellFigures } from './known-run.contract.ts';
import { lateStrategy } from './known-server.contract.ts';

const revocation = { nodes: 2, idleTrials: 20, loadedTrials: 0, redisPausedTrials: 0, untilExpiryTrials: 0 };

describe('a strategy that goes on accepting for 50 ms after a revoke', () => {
  it('has an exposure window of 50 ms to within the spacing of the probes, and the run is invalid', async () => {
    const results = await resultsOfRun({ strategies: [lateStrategy], revocation }, { acceptsForMillis: 50 });
    const { idle } = contestantIn(results, lateStrategy).revocation;
    if (idle.state !== 'voided' || !idle.observed?.exposureWindowMillis) throw new Error(JSON.stringify(idle));
    const { exposureWindowMillis, probeSpacingMillis, falseAccepts, acknowledgedTrials } = idle.observed;
    const found = { exposureWindowMillis, probeSpacingMillis, falseAccepts, acknowledgedTrials };
    tellFigures('50 ms of acceptance after a revoke', found);
    expect(Math.abs(exposureWindowMillis.p50 - 50)).toBeLessThanOrEqual(probeSpacingMillis.p50);
    // Coarser probes would let any window pass: such a machine has other work to do.
    expect(probeSpacingMillis.p50).toBeLessThan(15);
    expect(acknowledgedTrials).toBe(20);
    // All of them where the machine lets the probes through in these 50 ms.
    expect(falseAccepts).toBeGreaterThan(10);
    expect(results.validity).toMatchObject({ state: 'invalid', mistakeFaults: [] });
  });

  it('leaves the run valid where it does not: the same run without the delay', async () => {
    const results = await resultsOfRun({ strategies: [lateStrategy], revocation }, {});
    expect(results.validity).toEqual({ state: 'valid' });
    const { idle } = contestantIn(results, lateStrategy).revocation;
    if (idle.state !== 'measured') throw new Error(JSON.stringify(idle));
    tellFigures('none of it', idle.value.exposureWindowMillis);
    expect(idle.value.exposureWindowMillis).toMatchObject({ p50: 0, max: 0 });
  });
});
