/** Verdicts over all comparisons of a run at once: one family, one correction, one noise floor. */

import { costVerdict, holmAdjusted, noiseFloorOf, ratioVerdict } from '../../statistics/comparison.ts';
import type { Interval, MeanInterval } from '../../statistics/interval.ts';
import type { CostPair } from './background.ts';
import { type CostEstimate, compareCosts } from './cost-of-check.ts';
import type { CostComparison, CostOfCheck, Throughput } from './load-results.ts';
import type { NoiseFloor } from './results.ts';
import type { ThroughputEstimate } from './throughput.ts';

/** What the load on one contestant gave, before anything is judged. Null where it was voided or never measured. */
export interface LoadEvidence {
  readonly contestant: string;
  readonly isReference: boolean;
  readonly soundPairs: readonly CostPair[];
  /** Null too where a warning voids it: no verdict is spent on it. */
  readonly cost: CostEstimate | null;
  readonly throughput: ThroughputEstimate | null;
}

export interface Judgement {
  readonly noiseFloor: NoiseFloor;
  readonly costs: ReadonlyMap<string, Pick<CostOfCheck, 'verdict' | 'adjustedPValue'>>;
  readonly throughputs: ReadonlyMap<string, Pick<Throughput, 'verdict' | 'adjustedPValue'>>;
  readonly costComparisons: readonly CostComparison[];
}

interface PairwiseCost {
  readonly left: string;
  readonly right: string;
  readonly interval: MeanInterval;
  readonly withRedis: MeanInterval;
}

/**
 * Judges every strategy against the reference, in cost and in throughput, and the costs of every two strategies.
 *
 * @param families How many such families of comparisons the run has (the levels of a sweep): Bonferroni between them.
 */
export function judge(evidence: readonly LoadEvidence[], families = 1): Judgement {
  const reference = evidence.find((one) => one.isReference);
  const noiseFloor: NoiseFloor = {
    nodeCpuMicros: reference?.cost ? intervalOf(reference.cost.nodeCpuMicros) : null,
    throughputRatio: reference?.throughput ? intervalOf(reference.throughput.ratioToReference) : null,
  };
  const contestants = evidence.filter((one) => !one.isReference);
  const costs = contestants.flatMap(({ contestant, cost }) => (cost ? [{ contestant, ...cost }] : []));
  const ratios = contestants.flatMap(({ contestant, throughput }) =>
    throughput ? [{ contestant, ...throughput }] : [],
  );
  const pairwise = pairwiseCosts(contestants.filter((one) => one.cost !== null));

  const adjusted = holmAdjusted([
    ...costs.map((cost) => cost.nodeCpuMicros.pValue),
    ...ratios.map((ratio) => ratio.ratioToReference.pValue),
    ...pairwise.map((pair) => pair.interval.pValue),
  ]);
  // Nearly the same questions once more: a family of their own, so that asking them costs the others nothing.
  const adjustedSums = holmAdjusted(pairwise.map(({ withRedis }) => withRedis.pValue));
  const sumFloor = noiseFloorOf(reference?.cost?.nodeAndRedisCpuMicros ?? null);
  const costFloor = noiseFloorOf(noiseFloor.nodeCpuMicros);
  const ratioFloor = noiseFloorOf(noiseFloor.throughputRatio && logarithmsOf(noiseFloor.throughputRatio));
  const overFamilies = (pValue = 1) => Math.min(1, families * pValue);
  const pValueAt = (index: number) => overFamilies(adjusted[index]);

  return {
    noiseFloor,
    costs: new Map(
      costs.map(({ contestant, nodeCpuMicros }, index) => {
        const adjustedPValue = pValueAt(index);
        const found = { effect: nodeCpuMicros.estimate, adjustedPValue, noiseFloor: costFloor };
        return [contestant, { verdict: costVerdict(found), adjustedPValue }];
      }),
    ),
    throughputs: new Map(
      ratios.map(({ contestant, ratioToReference }, index) => {
        const adjustedPValue = pValueAt(costs.length + index);
        const found = { effect: Math.log(ratioToReference.estimate), adjustedPValue, noiseFloor: ratioFloor };
        return [contestant, { verdict: ratioVerdict(found), adjustedPValue }];
      }),
    ),
    costComparisons: pairwise.map(({ left, right, interval, withRedis }, index) => {
      const adjustedPValue = pValueAt(costs.length + ratios.length + index);
      const verdict = costVerdict({ effect: interval.estimate, adjustedPValue, noiseFloor: costFloor });
      return {
        left,
        right,
        rounds: interval.count,
        nodeCpuMicros: intervalOf(interval),
        adjustedPValue,
        verdict,
        withRedis: sumJudged(withRedis, overFamilies(adjustedSums[index]), sumFloor),
      };
    }),
  };
}

function sumJudged(sum: MeanInterval, adjustedPValue: number, noiseFloor: number | null): CostComparison['withRedis'] {
  const verdict = costVerdict({ effect: sum.estimate, adjustedPValue, noiseFloor });
  return { cpuMicros: intervalOf(sum), adjustedPValue, verdict };
}

/** Estimate and ends alone: what results hold of a mean. */
export function intervalOf({ estimate, low, high }: Interval): Interval {
  return { estimate, low, high };
}

/** Whether the reference differs from itself: then something is wrong with the pairing, or chance struck (1 in 20). */
export function excludes(interval: Interval | null, noDifference: number): boolean {
  return interval !== null && (interval.low > noDifference || interval.high < noDifference);
}

function pairwiseCosts(contestants: readonly LoadEvidence[]): PairwiseCost[] {
  return contestants.flatMap((left, index) =>
    contestants.slice(index + 1).flatMap((right) => {
      const interval = compareCosts(left.soundPairs, right.soundPairs);
      const withRedis = compareCosts(left.soundPairs, right.soundPairs, 'node and Redis');
      if (interval === null || withRedis === null) return [];
      return [{ left: left.contestant, right: right.contestant, interval, withRedis }];
    }),
  );
}

function logarithmsOf({ low, high }: Interval): { low: number; high: number } {
  return { low: Math.log(low), high: Math.log(high) };
}
