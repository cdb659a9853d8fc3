/** Simulated runs over recorded pairs of the reference with itself: coverage of the intervals, and false verdicts. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededFraction } from '../../src/kernel/random.ts';
import type { PairMeasured, WindowSample } from '../record/run-events.ts';
import { coverageOf, recordedVerdicts, referencePairsOf } from './coverage.ts';
import { exampleRun } from './example-run.ts';

/** Requests, milliseconds, CPU microseconds of the node: what the fixture keeps of a window. */
type RecordedWindow = readonly [number, number, number];
type RecordedPair = readonly [PairMeasured['order'], RecordedWindow, RecordedWindow];

/**
 * Windows of three short runs on two cores that other programs used as well. In these the reference's own node, which every
 * contestant's pairs keep busy, was ahead of the other one: mirrored, as they are drawn, they differ by chance alone.
 */
const recorded = pairsOf(
  JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/reference-pairs.json'), 'utf8')) as RecordedPair[],
);

function pairsOf(kept: readonly RecordedPair[]): PairMeasured[] {
  return kept.map(([order, contestant, reference], index) => ({
    type: 'PairMeasured',
    at: '2026-01-01T00:00:00.000Z',
    contestant: 'none',
    round: index + 1,
    order,
    contestantSample: windowOf(contestant),
    referenceSample: windowOf(reference),
    contestantAnswerBytes: 300,
    referenceAnswerBytes: 300,
  }));
}

function windowOf([requests, durationMillis, nodeCpuMicros]: RecordedWindow): WindowSample {
  return {
    requests,
    durationMillis,
    nodeCpuMicros,
    statuses: { '200': requests },
    errors: 0,
    nodeEventLoopUtilisation: 0.98,
    redisCpuMicros: 0,
    redisCommands: 0,
    redisNetworkBytes: 0,
    generatorCpuMicros: 1,
    generatorEventLoopUtilisation: 0.5,
    latencyHistogram: '',
  };
}

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
    expect(recordedVerdicts(alike, 8)).toEqual({ comparisons: 2, falseVerdicts: 0 });
    expect(recordedVerdicts(dearer(alike, 1.05), 8)).toEqual({ comparisons: 2, falseVerdicts: 2 });
  });

  it("are the reference's own sound pairs alone", () => {
    const pairs = referencePairsOf({ events: exampleRun({ rounds: 5 }) });
    expect(pairs.map(({ contestant, round }) => [contestant, round])).toEqual([1, 2, 3, 4, 5].map((n) => ['none', n]));
    expect(referencePairsOf({ events: exampleRun({ refusing: 'none' }) })).toEqual([]);
  });
});
