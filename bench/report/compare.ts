/** Two runs side by side: a verdict on every figure that both have, never finer than the noise of either. */

import { familyErrorShare, holmAdjusted, noiseFloorOf } from '../statistics/comparison.ts';
import { twoSidedPValue } from '../statistics/student-t.ts';
import { allValues } from './summarise/expectations.ts';
import type { FigureValue } from './summarise/figure-values.ts';
import type { Results } from './summarise/results.ts';

export type ComparisonVerdict = 'better' | 'worse' | 'cannot tell';

export interface FigureComparison {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  /** After less before, with its 95 % interval. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly verdict: ComparisonVerdict;
}

export interface RunComparison {
  readonly before: string;
  readonly after: string;
  /** What differs between the runs beside what is compared, in sentences; figures of different machines are not alike. */
  readonly differences: readonly string[];
  /** Figures with an interval, or counted ones. */
  readonly figures: readonly FigureComparison[];
  /** In the earlier run and not in the later one: nothing can be said of them. */
  readonly missing: readonly string[];
}

const normalReach = 1.959_963_984_540_054;
/** Student's t with so many degrees of freedom is the normal distribution. */
const normalDegrees = 1_000_000;

/**
 * Compares what both runs have. Their intervals are taken as independent; p-values are corrected over all figures (Holm),
 * and a difference of CPU or throughput must exceed the larger noise floor of the two. Counted figures that differ, differ.
 */
export function compareRuns(before: Results, after: Results): RunComparison {
  const later = new Map(allValues(after).map((value) => [value.name, value]));
  const earlier = allValues(before);
  const pairs = earlier.flatMap((left) => {
    const right = later.get(left.name);
    return right === undefined ? [] : [pairOf(left, right)];
  });
  const judged = pairs.filter((pair) => pair !== null);
  const adjusted = holmAdjusted(judged.map(({ pValue }) => pValue));
  const floors = noiseFloors(before, after);
  return {
    before: before.run.runId,
    after: after.run.runId,
    differences: differencesOf(before, after),
    figures: judged.map(({ left, right, low, high }, index) => ({
      name: left.name,
      before: left.estimate,
      after: right.estimate,
      difference: right.estimate - left.estimate,
      low,
      high,
      verdict: verdictOf(left, right, adjusted[index] ?? 1, floors),
    })),
    missing: earlier.map(({ name }) => name).filter((name) => !later.has(name)),
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

interface Floors {
  readonly cpu: number;
  readonly logRatio: number;
}

function noiseFloors(...runs: readonly Results[]): Floors {
  const all = runs.flatMap(({ noiseFloor, sweep }) => [
    noiseFloor,
    ...(sweep?.levels ?? []).map((level) => level.noiseFloor),
  ]);
  const cpus = all.map(({ nodeCpuMicros }) => noiseFloorOf(nodeCpuMicros) ?? 0);
  const ratios = all.map(({ throughputRatio: ratio }) =>
    ratio === null ? 0 : (noiseFloorOf({ low: Math.log(ratio.low), high: Math.log(ratio.high) }) ?? 0),
  );
  return { cpu: Math.max(0, ...cpus), logRatio: Math.max(0, ...ratios) };
}

function verdictOf(left: FigureValue, right: FigureValue, adjustedPValue: number, floors: Floors): ComparisonVerdict {
  const difference = right.estimate - left.estimate;
  if (adjustedPValue >= familyErrorShare || difference === 0) return 'cannot tell';
  if (/\.nodeCpuMicros/.test(left.name) && Math.abs(difference) <= floors.cpu) return 'cannot tell';
  const isRatio = /\.throughputRatio/.test(left.name);
  if (isRatio && Math.abs(Math.log(right.estimate / left.estimate)) <= floors.logRatio) return 'cannot tell';
  return difference > 0 === (left.better === 'higher') ? 'better' : 'worse';
}

function differencesOf(before: Results, after: Results): string[] {
  const facts = (results: Results): Readonly<Record<string, string>> => ({
    scenario: results.run.scenario.name,
    'settings of the scenario': JSON.stringify({
      ...results.run.scenario,
      seed: 0,
      name: '',
      question: '',
      expect: [],
    }),
    authlab: `${results.run.authlabVersion} ${results.run.commit ?? ''}`.trim(),
    machine: `${results.machine.cpuModel}, ${results.machine.cores} cores`,
    kernel: results.machine.kernelRelease,
    Node: results.machine.nodeVersion,
    Redis: `${results.redis.server} ${results.redis.version}, ${results.redis.appendonly}, ${results.redis.appendfsync}`,
    'pinning to cores': results.machine.pinning === null ? 'no' : 'yes',
    libraries: Object.entries(results.dependencies).join(' '),
  });
  const [left, right] = [facts(before), facts(after)];
  return Object.keys(left)
    .filter((name) => left[name] !== right[name])
    .map((name) =>
      name.startsWith('settings') || name === 'libraries'
        ? `${name} differ`
        : `${name}: ${left[name] || 'unknown'} before, ${right[name] || 'unknown'} after`,
    );
}
