/** Simulated runs over recorded pairs of the reference with itself: coverage of the intervals, and false verdicts. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { seededFraction } from '../../src/kernel/random.ts';
import type { PairMeasured } from '../record/run-events.ts';
import { coverageOf, coverageWithinRuns, recordedVerdicts, referencePairsOf } from './coverage.ts';
import { coverageFaults, coverageReport } from './coverage-report.ts';
import { exampleRun } from './example-run.ts';
import { fixtureText, pairsOfFixture } from './reference-pairs.ts';

/**
 * Windows of short runs. How they are refreshed: `coverage-of.js --fixture bench/report/fixtures/reference-pairs.json` with
 * the folders of the runs that `none-against-none.js` has left.
 */
// Thousands of simulated runs.
vi.setConfig({ testTimeout: 20_000 });

const text = readFileSync(join(import.meta.dirname, 'fixtures/reference-pairs.json'), 'utf8');
const recorded = pairsOfFixture(text);

/** The contestant's windows, made dearer and slower by this factor. */
function dearer(pairs: readonly PairMeasured[], factor: number): PairMeasured[] {
  return pairs.map((pair) => ({
    ...pair,
    contestantSample: {
      ...pair.contestantSample,
      nodeCpuMicros: pair.contestantSample.nodeCpuMicros * factor,
      durationMillis: pair.contestantSample.durationMillis * factor,
    },
  }));
}

describe('simulated runs of the reference against itself', () => {
  it.each([8, 12, 20, 24])('at %i rounds: intervals cover 93 to 97 in 100, at most 8 say more', (rounds) => {
    const random = seededFraction(rounds);
    const coverage = coverageOf(recorded, { rounds, simulations: 2_000, random });
    for (const share of [coverage.costShare, coverage.throughputShare]) {
      expect(share).toBeGreaterThanOrEqual(0.93);
      expect(share).toBeLessThanOrEqual(0.97);
    }
    const said = coverageOf(recorded, { rounds, simulations: 200, random });
    expect(said.falseVerdictShare).toBeLessThanOrEqual(0.08);
  });

  it('are the same for the same seed', () => {
    const simulated = () => coverageOf(recorded, { rounds: 8, simulations: 50, random: seededFraction(3) });
    expect(simulated()).toEqual(simulated());
    expect(() => coverageOf([], { rounds: 8, simulations: 1, random: seededFraction(1) })).toThrow(RangeError);
  });
});

describe('recorded comparisons', () => {
  it('are as many as there are whole ones, and say more where there is more to say', () => {
    expect(recordedVerdicts(recorded, 8).comparisons).toBe(Math.floor(recorded.length / 8));
    const alike = referencePairsOf({ events: exampleRun({ rounds: 16 }) });
    expect(recordedVerdicts(alike, 8)).toMatchObject({ comparisons: 2, falseVerdicts: 0 });
    expect(recordedVerdicts(dearer(alike, 1.1), 8)).toEqual({
      comparisons: 2,
      falseVerdicts: 2,
      costCovered: 0,
      throughputCovered: 0,
    });
  });

  it('are faulted where they say too much, or intervals hold too little', () => {
    const alike = referencePairsOf({ events: exampleRun({ rounds: 160 }) });
    expect(coverageFaults([alike], 8, 400)).toEqual([]);
    expect(coverageFaults([dearer(alike, 1.1)], 8, 400)).toEqual([
      '20 of 20 comparisons say something where there is nothing to say.',
      expect.stringMatching(/^Intervals over 8 rounds hold the truth in \d+\.\d % only\.$/),
    ]);
    expect(coverageFaults([alike.slice(0, 7)], 8, 10)).toEqual(['There is no comparison over 8 rounds.']);
  });

  it("are the reference's own sound pairs alone", () => {
    const pairs = referencePairsOf({ events: exampleRun({ rounds: 5 }) });
    expect(pairs.map(({ contestant, round }) => [contestant, round])).toEqual([1, 2, 3, 4, 5].map((n) => ['none', n]));
    expect(referencePairsOf({ events: exampleRun({ refusing: 'none' }) })).toEqual([]);
  });
});

describe('runs whose processes differ by themselves', () => {
  const alike = Array.from({ length: 6 }, (_, run) =>
    referencePairsOf({ events: exampleRun({ rounds: 80, seed: run }) }),
  );
  // As much as a comparison over 8 rounds varies, or several times that.
  const apart = alike.map((pairs, run) => dearer(pairs, 1 + 0.02 * (run - 2.5)));
  const options = (seed: number) => ({ rounds: 8, simulations: 400, random: seededFraction(seed) });

  it('are covered when pairs are mirrored, and not when each is drawn from as it is', () => {
    expect(coverageOf(apart.flat(), options(1)).costShare).toBeGreaterThan(0.9);
    expect(coverageWithinRuns(apart, options(1)).costShare).toBeLessThan(0.8);
    expect(coverageWithinRuns(alike, options(1)).costShare).toBeGreaterThan(0.9);
    expect(() => coverageWithinRuns([[]], options(1))).toThrow(RangeError);
  });

  it('are told apart from noise in the report', () => {
    const pOfCost = (report: string) => /^\| cost, µs \|(?:[^|]*\|){4} ([^|]*) \|/m.exec(report)?.[1];
    expect(Number(pOfCost(coverageReport(alike, 8, 20)))).toBeGreaterThan(0.01);
    expect(pOfCost(coverageReport(apart, 8, 20))).toBe('under 0.0001');
    expect(coverageReport(alike.slice(0, 1), 8, 20)).not.toContain('pairs of processes, each');
  });
});

describe('the kept pairs', () => {
  it('are written as they are read', () => {
    // As many of each run as are kept.
    const runs = Array.from({ length: Math.ceil(recorded.length / 20) }, (_, run) =>
      recorded.slice(20 * run, 20 * (run + 1)),
    );
    expect(pairsOfFixture(fixtureText(runs))).toEqual(recorded);
    expect(fixtureText(runs)).toBe(text);
  });
});
