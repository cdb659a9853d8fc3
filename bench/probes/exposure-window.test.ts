/** Self-test of the exposure window: what is measured of strategies that keep accepting for a known time. */

import { afterEach, describe, expect, it } from 'vitest';
import { seededFraction } from '../../src/kernel/random.ts';
import type { Traits } from '../../src/strategies/strategy.ts';
import type { RunEvent } from '../record/run-events.ts';
import { exampleRun } from '../report/example-run.ts';
import { measuredValue } from '../report/summarise/figure.ts';
import type { Results } from '../report/summarise/results.ts';
import { summarise } from '../report/summarise.ts';
import { boundMillisOf } from '../workload/contestant.ts';
import { logInUser } from '../workload/log-in.ts';
import { startToy } from '../workload/toy-contestant.ts';
import { Prober } from './prober.ts';
import { runRevocationTrial } from './revocation.ts';

const trials = 20;
const stalenessLimitMillis = 2_000;
const at = '2026-01-01T00:00:00.000Z';

/** A machine that does other things as well makes everything here slow, and nothing wrong. */
const patience = { timeout: 60_000 };

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** The results of a run whose only contestant accepts for so long after a revoke, as lately as its slower node does. */
async function resultsOf(acceptsForMillis: number, bound: Traits['bound']): Promise<Results> {
  const toy = await startToy({ traits: { bound }, acceptsForMillis: (node) => (node === 1 ? acceptsForMillis : 0) });
  closing.push(() => toy.close());
  const prober = new Prober(toy.contestant, { pauseMillis: 1 });
  closing.push(() => prober.close());
  const random = seededFraction(11);
  const events: RunEvent[] = [];
  for (let trial = 1; trial <= trials; trial += 1) {
    const { credential: victim } = await logInUser(toy.contestant, trial);
    const outcome = await runRevocationTrial({
      prober,
      victim,
      random,
      revokeAtNode: trial % toy.contestant.nodes.length,
      watchMillis: 3_000,
      boundMillis: boundMillisOf(toy.contestant.traits, stalenessLimitMillis),
      lifetimeMillis: null,
    });
    if (!outcome.ok) throw new Error(outcome.reason);
    events.push({ type: 'RevocationMeasured', at, contestant: 'toy', condition: 'idle', trial, ...outcome.trial });
  }
  return summariseOnly(events);
}

/** What a run would have made of these events alone. */
function summariseOnly(events: readonly RunEvent[]): Results {
  const [started] = exampleRun({ strategies: [] });
  if (started?.type !== 'RunStarted') throw new TypeError('a run begins with its start');
  const { throughput: _throughput, tokenSize: _tokenSize, ...scenario } = started.scenario;
  const own = { ...started, scenario: { ...scenario, strategies: ['toy'] } };
  return summarise({ events: [own, ...events], started: own, torn: false });
}

/** Voided by a broken bound it is there as well, to be looked at. */
function revocationOf({ contestants }: Results) {
  const figure = contestants.find(({ contestant }) => contestant === 'toy')?.revocation.idle;
  const summary = figure && (figure.state === 'voided' ? figure.observed : measuredValue(figure));
  if (!figure || !summary?.exposureWindowMillis) throw new Error('the trials give an exposure window');
  return { figure, summary, exposure: summary.exposureWindowMillis };
}

describe('a strategy that accepts for a known time after the revoke that it acknowledged', patience, () => {
  it('for 50 ms: has an exposure window of 50 ms to within the spacing of the probes, and the run is invalid', async () => {
    const results = await resultsOf(50, 'zero');
    const { figure, summary, exposure } = revocationOf(results);
    expect(summary).toMatchObject({ trials, acknowledgedTrials: trials, nodes: 2 });
    expect(Math.abs(exposure.p50 - 50)).toBeLessThanOrEqual(summary.probeSpacingMillis.p50);
    // The probes of a machine that can hardly keep up would prove nothing.
    expect(Math.abs(exposure.p50 - 50)).toBeLessThan(25);
    // Its bound is 0: every trial breaks it, at the node that is late.
    expect(summary.falseAccepts).toBe(trials);
    expect(figure).toMatchObject({ state: 'voided' });
    expect(results.validity).toMatchObject({ state: 'invalid', mistakeFaults: [] });
    const found = results.validity.state === 'invalid' ? results.validity.falseAccepts : [];
    expect(found).toHaveLength(trials);
    for (const { node, boundMillis, beyondBoundMillis } of found) {
      expect({ node, boundMillis }).toEqual({ node: 1, boundMillis: 0 });
      expect(beyondBoundMillis).toBeLessThanOrEqual(50);
    }
    expect(results.warnings).toContainEqual(expect.objectContaining({ kind: 'false-accept', contestant: 'toy' }));
  });

  it('for 50 ms: leaves the run valid where its bound is the staleness limit', async () => {
    const results = await resultsOf(50, 'staleness-limit');
    expect(results.validity).toEqual({ state: 'valid' });
    const { figure, summary } = revocationOf(results);
    expect(figure.state).not.toBe('voided');
    expect(summary).toMatchObject({ falseAccepts: 0, boundMillis: stalenessLimitMillis });
  });

  it('for no time: has no exposure window, and the run is valid at a bound of 0', async () => {
    const results = await resultsOf(0, 'zero');
    expect(results.validity).toEqual({ state: 'valid' });
    expect(revocationOf(results).exposure).toMatchObject({ p50: 0, max: 0 });
  });
});
