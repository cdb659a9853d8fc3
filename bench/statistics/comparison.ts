/** Verdicts: whether two things differ, judged over all comparisons of a run at once and never finer than its noise. */

import type { Interval } from './interval.ts';
import { studentTQuantile } from './student-t.ts';

/** How probable one false verdict in a whole run may be, at most. */
export const familyErrorShare = 0.05;

export type RatioVerdict = 'faster' | 'slower' | 'cannot tell';
export type CostVerdict = 'costs more' | 'costs less' | 'cannot tell';

/**
 * Holm's step-down adjustment (Scandinavian Journal of Statistics 6, 1979): p-values that may each be compared with the
 * same level while the probability of *any* false verdict among them stays below it. In the order given.
 */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const adjusted = pValues.map(() => 1);
  const ascending = pValues.map((pValue, index) => ({ pValue, index })).sort((a, b) => a.pValue - b.pValue);
  let largestSoFar = 0;
  for (const [rank, { pValue, index }] of ascending.entries()) {
    largestSoFar = Math.max(largestSoFar, Math.min(1, pValue * (pValues.length - rank)));
    adjusted[index] = largestSoFar;
  }
  return adjusted;
}

/** What a verdict rests on. */
export interface Evidence {
  /** Mean effect; zero means no difference: a logarithm of a ratio, or a difference. */
  readonly effect: number;
  readonly adjustedPValue: number;
  /** Largest effect that the reference against itself may have had in this run; null when that was not measured. */
  readonly noiseFloor: number | null;
}

/** Judges the logarithm of (contestant / reference) of something of which more is better. */
export function ratioVerdict(evidence: Evidence): RatioVerdict {
  if (!differs(evidence)) return 'cannot tell';
  return evidence.effect > 0 ? 'faster' : 'slower';
}

/** Judges the difference contestant - reference of something that is paid. */
export function costVerdict(evidence: Evidence): CostVerdict {
  if (!differs(evidence)) return 'cannot tell';
  return evidence.effect > 0 ? 'costs more' : 'costs less';
}

/** Student's t with so many degrees of freedom is the normal distribution. */
const normalDegrees = 1_000_000;

/**
 * Whether two estimates differ, each with its 95 % interval and independent of the other, when `comparisons` such
 * questions are asked at once (Bonferroni).
 */
export function certainlyDiffers(left: Interval, right: Interval, comparisons: number): boolean {
  const normal = (share: number) => studentTQuantile(1 - share / 2, normalDegrees);
  const wider = normal(familyErrorShare / Math.max(1, comparisons)) / normal(0.05);
  const reach = Math.hypot((left.high - left.low) / 2, (right.high - right.low) / 2);
  return Math.abs(left.estimate - right.estimate) > wider * reach;
}

/** The end of an interval of effects that lies farther from zero. */
export function noiseFloorOf(interval: Pick<Interval, 'low' | 'high'> | null): number | null {
  return interval === null ? null : Math.max(Math.abs(interval.low), Math.abs(interval.high));
}

function differs({ effect, adjustedPValue, noiseFloor }: Evidence): boolean {
  return adjustedPValue < familyErrorShare && (noiseFloor === null || Math.abs(effect) > noiseFloor);
}
