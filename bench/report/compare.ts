/** Runs side by side: a verdict on every figure that two of them have, never finer than the noise of either. */

import { referenceContestant } from '../record/run-events.ts';
import { familyErrorShare, holmAdjusted, noiseFloorOf } from '../statistics/comparison.ts';
import { twoSidedPValue } from '../statistics/student-t.ts';
import { type SurroundingFact, surroundingsOf } from './compare-surroundings.ts';
import { allValues } from './summarise/expectations.ts';
import type { FigureValue } from './summarise/figure-values.ts';
import type { Results } from './summarise/results.ts';

/** `the same` only of what was counted: estimates that look alike cannot be told apart. */
export type ComparisonVerdict = 'better' | 'worse' | 'the same' | 'cannot tell';

export interface FigureComparison {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  /** After less before, with its 95 % interval. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly better: 'lower' | 'higher';
  /** Counted, not estimated: its interval is a point. */
  readonly isExact: boolean;
  readonly verdict: ComparisonVerdict;
}

export interface RunComparison {
  readonly before: string;
  readonly after: string;
  /** What differs between the two beside what is compared; figures of different machines are not alike. */
  readonly differences: readonly SurroundingFact[];
  /** Figures with an interval, or counted ones. */
  readonly figures: readonly FigureComparison[];
  /** In the earlier run and not in the later one: nothing can be said of them. */
  readonly missing: readonly string[];
  /** In the later run alone. */
  readonly added: readonly string[];
  /** Differences of node CPU up to this are noise, in microseconds. */
  readonly noiseMicros: number;
}

const normalReach = 1.959_963_984_540_054;
/** Student's t with so many degrees of freedom is the normal distribution. */
const normalDegrees = 1_000_000;

/**
 * Compares the first run with each of the others. Their intervals are taken as independent; p-values are corrected over all
 * figures of all the others (Holm), and a difference must exceed the larger noise floor of the two, where there is one.
 * Counted figures that differ, differ.
 */
export function compareRuns(before: Results, others: readonly Results[]): RunComparison[] {
  const earlier = comparableValues(before);
  const paired = others.map((after) => {
    const later = new Map(comparableValues(after).map((value) => [value.name, value]));
    const pairs = earlier.flatMap((left) => {
      const right = later.get(left.name);
      return right === undefined ? [] : [pairOf(left, right)];
    });
    return { after, later, pairs: pairs.filter((pair) => pair !== null) };
  });
  const adjusted = holmAdjusted(paired.flatMap(({ pairs }) => pairs.map(({ pValue }) => pValue)));
  const names = new Set(earlier.map(({ name }) => name));
  let judged = 0;
  return paired.map(({ after, later, pairs }) => {
    const floors = noiseFloors(before, after);
    const own = adjusted.slice(judged, judged + pairs.length);
    judged += pairs.length;
    return {
      before: before.run.runId,
      after: after.run.runId,
      differences: surroundingsOf([before, after]),
      figures: pairs.map((pair, index) => judgedPair(pair, own[index] ?? 1, floors)),
      missing: [...names].filter((name) => !later.has(name)),
      added: [...later.keys()].filter((name) => !names.has(name)),
      noiseMicros: floors.get('nodeCpuMicros') ?? 0,
    };
  });
}

function judgedPair({ left, right, low, high }: Pair, adjustedPValue: number, floors: Floors): FigureComparison {
  return {
    name: left.name,
    before: left.estimate,
    after: right.estimate,
    difference: right.estimate - left.estimate,
    low,
    high,
    better: left.better,
    isExact: left.isExact,
    verdict: verdictOf(left, right, adjustedPValue, floors),
  };
}

interface Pair {
  readonly left: FigureValue;
  readonly right: FigureValue;
  readonly low: number;
  readonly high: number;
  readonly pValue: number;
}

/** Null without intervals. */
function pairOf(left: FigureValue, right: FigureValue): Pair | null {
  if (left.low === null || left.high === null || right.low === null || right.high === null) return null;
  const difference = right.estimate - left.estimate;
  const reach = Math.hypot((left.high - left.low) / 2, (right.high - right.low) / 2);
  const pValue =
    reach === 0 ? (difference === 0 ? 1 : 0) : twoSidedPValue((normalReach * difference) / reach, normalDegrees);
  return { left, right, low: difference - reach, high: difference + reach, pValue };
}

/** What is told as a difference from the reference, or as a ratio to it: of the reference itself, these are the noise. */
const againstReference = [
  'nodeCpuMicros',
  'redisCpuMicros',
  'redisCommands',
  'redisNetworkBytes',
  'throughputRatio',
  'openLoopOverReferenceMicros',
];

/** Figures that can become better or worse: the noise itself is none of them. */
function comparableValues(results: Results): FigureValue[] {
  return allValues(results).filter(({ name }) => !isNoise(name));
}

function isNoise(name: string): boolean {
  const [contestant, figure] = name.split(/[.@]/);
  return contestant === referenceContestant && againstReference.includes(figure ?? '');
}

/** By figure: no effect up to this is told, in the unit of the figure; of a ratio, its logarithm. */
type Floors = ReadonlyMap<string, number>;

/** The reference against itself, in whichever run and at whichever level that is the farthest apart. */
function noiseFloors(...runs: readonly Results[]): Floors {
  const floors = new Map<string, number>();
  for (const { name, low, high } of runs.flatMap(allValues)) {
    const figure = figureOf(name);
    if (!isNoise(name) || low === null || high === null) continue;
    const own = noiseFloorOf({ low: effectOf(figure, low), high: effectOf(figure, high) }) ?? 0;
    floors.set(figure, Math.max(own, floors.get(figure) ?? 0));
  }
  return floors;
}

function figureOf(name: string): string {
  return name.split(/[.@]/)[1] ?? '';
}

function effectOf(figure: string, value: number): number {
  return figure === 'throughputRatio' ? Math.log(value) : value;
}

function verdictOf(left: FigureValue, right: FigureValue, adjustedPValue: number, floors: Floors): ComparisonVerdict {
  const difference = right.estimate - left.estimate;
  if (left.isExact && difference === 0) return 'the same';
  if (adjustedPValue >= familyErrorShare || difference === 0) return 'cannot tell';
  const figure = figureOf(left.name);
  const effect = effectOf(figure, right.estimate) - effectOf(figure, left.estimate);
  if (Math.abs(effect) <= (floors.get(figure) ?? 0)) return 'cannot tell';
  return difference > 0 === (left.better === 'higher') ? 'better' : 'worse';
}

/** Better or worse: what a comparison is asked for. */
export function changedFigures({ figures }: Pick<RunComparison, 'figures'>): readonly FigureComparison[] {
  return figures.filter(({ verdict }) => verdict === 'better' || verdict === 'worse');
}
