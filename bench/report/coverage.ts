/**
 * Whether intervals and verdicts keep their promise: pairs that a run recorded of the reference against itself are judged
 * by the same folds as any contestant's, as they were recorded and drawn again and again.
 */

import type { RandomFraction } from '../../src/kernel/random.ts';
import type { RunRecord } from '../record/reader.ts';
import { type PairMeasured, referenceContestant } from '../record/run-events.ts';
import { isSoundPair } from '../statistics/load-findings.ts';
import { processSpread } from '../statistics/process-spread.ts';
import { estimateCost } from './summarise/cost-of-check.ts';
import { estimateThroughput } from './summarise/throughput.ts';
import { excludes, judge, type LoadEvidence } from './summarise/verdicts.ts';

export interface CoverageOptions {
  /** Pairs of one simulated run. Their number is fixed before a run begins and nothing ends it early: there is one look. */
  readonly rounds: number;
  readonly simulations: number;
  readonly random: RandomFraction;
}

/** Shares from 0 to 1. */
export interface Coverage {
  /** Of simulated runs whose interval of the cost of a check holds no difference. */
  readonly costShare: number;
  /** The same of the throughput's ratio. */
  readonly throughputShare: number;
  /** Of simulated runs in which cost or throughput gets another verdict than *cannot tell*. */
  readonly falseVerdictShare: number;
}

export interface RecordedVerdicts {
  readonly comparisons: number;
  /** Those in which cost or throughput gets another verdict than *cannot tell*. */
  readonly falseVerdicts: number;
  /** Those whose interval of the cost of a check, and of the throughput's ratio, holds no difference. */
  readonly costCovered: number;
  readonly throughputCovered: number;
}

/** The sound pairs of the reference against itself, in the order of their rounds. */
export function referencePairsOf({ events }: Pick<RunRecord, 'events'>): PairMeasured[] {
  return events.filter(
    (event): event is PairMeasured =>
      event.type === 'PairMeasured' && event.contestant === referenceContestant && isSoundPair(event),
  );
}

/**
 * Draws pairs with replacement, as a run is planned: as many with the contestant first as with the reference first. Which
 * of two processes that do the same is called the contestant is a matter of words, so that each pair is drawn as it is or
 * mirrored, and the truth is known: no difference. What processes differ by is lost with that, and drawn anew for each run, as
 * much as is taken for granted. Throws RangeError without pairs.
 */
export function coverageOf(pairs: readonly PairMeasured[], options: CoverageOptions): Coverage {
  const both = pairs.flatMap((pair) => [pair, mirrored(pair)]);
  return simulate([poolsOf(both)], options, () => Math.exp(Math.SQRT2 * processSpread * normal(options.random)));
}

/**
 * The same, but each simulated run draws from one recorded run alone, and its pairs as they are: what two processes differ
 * by, though they do the same, stays in. So does the chance by which the recorded pairs of a run are off the truth: of
 * 160 it takes about one per cent at 20 rounds. Throws RangeError when a run has no pair of either order.
 */
export function coverageWithinRuns(runs: readonly (readonly PairMeasured[])[], options: CoverageOptions): Coverage {
  return simulate(runs.map(poolsOf), options, () => 1);
}

/** Pairs with the contestant first, and pairs with the reference first. */
type Pools = readonly (readonly PairMeasured[])[];

function poolsOf(pairs: readonly PairMeasured[]): Pools {
  return (['contestant-first', 'reference-first'] as const).map((order) =>
    pairs.filter((pair) => pair.order === order),
  );
}

/** @param dearness What the contestant's process takes of what another would, one draw for each run. */
function simulate(
  runs: readonly Pools[],
  { rounds, simulations, random }: CoverageOptions,
  dearness: () => number,
): Coverage {
  let covered = 0;
  let coveredRatios = 0;
  let falseVerdicts = 0;
  for (let simulation = 0; simulation < simulations; simulation += 1) {
    const pools = drawFrom(runs, random);
    const factor = dearness();
    const drawn = Array.from({ length: rounds }, (_, index) =>
      dearer(drawFrom(pools[(index + simulation) % 2] ?? [], random), factor),
    );
    covered += coversCost(drawn) ? 1 : 0;
    coveredRatios += coversRatio(drawn) ? 1 : 0;
    falseVerdicts += saysDifferent(drawn) ? 1 : 0;
  }
  return {
    costShare: covered / simulations,
    throughputShare: coveredRatios / simulations,
    falseVerdictShare: falseVerdicts / simulations,
  };
}

/** Every `rounds` pairs in a row of one run are one comparison, as they were recorded; what is left over is none. */
export function comparisonsIn(pairs: readonly PairMeasured[], rounds: number): PairMeasured[][] {
  const comparisons = Math.floor(pairs.length / rounds);
  return Array.from({ length: comparisons }, (_, index) => pairs.slice(index * rounds, (index + 1) * rounds));
}

export function recordedVerdicts(pairs: readonly PairMeasured[], rounds: number): RecordedVerdicts {
  const comparisons = comparisonsIn(pairs, rounds);
  return {
    comparisons: comparisons.length,
    falseVerdicts: comparisons.filter(saysDifferent).length,
    costCovered: comparisons.filter(coversCost).length,
    throughputCovered: comparisons.filter(coversRatio).length,
  };
}

/** What one comparison finds: the cost of a check in microseconds, and the logarithm of the throughput's ratio. */
export function estimatesOf(comparison: readonly PairMeasured[]): { costMicros: number; logRatio: number } | null {
  const { cost, throughput } = evidenceOf(comparison);
  if (!cost || !throughput) return null;
  return { costMicros: cost.nodeCpuMicros.estimate, logRatio: Math.log(throughput.ratioToReference.estimate) };
}

function coversCost(pairs: readonly PairMeasured[]): boolean {
  return !excludes(estimateCost(pairs)?.nodeCpuMicros ?? null, 0);
}

function coversRatio(pairs: readonly PairMeasured[]): boolean {
  return !excludes(estimateThroughput(pairs)?.ratioToReference ?? null, 1);
}

/** As a run of one contestant is judged, but without a noise floor, which only ever takes verdicts back. */
function saysDifferent(pairs: readonly PairMeasured[]): boolean {
  const { costs, throughputs } = judge([evidenceOf(pairs)]);
  return [...costs.values(), ...throughputs.values()].some(({ verdict }) => verdict !== 'cannot tell');
}

function evidenceOf(soundPairs: readonly PairMeasured[]): LoadEvidence {
  return {
    contestant: 'the reference again',
    isReference: false,
    soundPairs,
    cost: estimateCost(soundPairs),
    throughput: estimateThroughput(soundPairs),
  };
}

function dearer(pair: PairMeasured, factor: number): PairMeasured {
  const { nodeCpuMicros, durationMillis } = pair.contestantSample;
  const taken = { nodeCpuMicros: factor * nodeCpuMicros, durationMillis: factor * durationMillis };
  return { ...pair, contestantSample: { ...pair.contestantSample, ...taken } };
}

/** Box and Muller. */
function normal(random: RandomFraction): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function mirrored(pair: PairMeasured): PairMeasured {
  return {
    ...pair,
    order: pair.order === 'contestant-first' ? 'reference-first' : 'contestant-first',
    contestantSample: pair.referenceSample,
    referenceSample: pair.contestantSample,
  };
}

function drawFrom<Item>(pool: readonly Item[], random: RandomFraction): Item {
  const drawn = pool[Math.floor(random() * pool.length)];
  if (drawn === undefined) throw new RangeError('There is no pair to draw from.');
  return drawn;
}
