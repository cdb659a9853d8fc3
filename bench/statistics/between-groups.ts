/** Whether groups of observations differ by more than the noise within them, and by how much: analysis of variance. */

import { type Interval, meanInterval } from './interval.ts';
import { upperTailOfF } from './student-t.ts';

export interface BetweenGroups {
  readonly groups: number;
  readonly perGroup: number;
  /** Of the groups' means; its interval is over groups. */
  readonly mean: Interval;
  /** Standard deviation of the groups' means. */
  readonly observedDeviation: number;
  /** What it would be if the noise within groups were all there is. */
  readonly expectedDeviation: number;
  /** Standard deviation of one observation within its group. */
  readonly withinDeviation: number;
  /** Standard deviation of what the groups themselves differ by; 0 where the noise explains it all. */
  readonly ownDeviation: number;
  /** That means lie so far apart although the groups do not differ. */
  readonly pValue: number;
}

/** One-way analysis of variance with random groups. Null unless there are two groups or more, all of one size above one. */
export function betweenGroups(groups: readonly (readonly number[])[]): BetweenGroups | null {
  const perGroup = groups[0]?.length ?? 0;
  if (perGroup < 2 || groups.some((group) => group.length !== perGroup)) return null;
  const means = groups.map(meanOf);
  const mean = meanInterval(means);
  if (mean === null) return null;
  const observed = varianceOf(means);
  const within = meanOf(groups.map(varianceOf));
  const expected = within / perGroup;
  const ratio = observed / expected;
  return {
    groups: groups.length,
    perGroup,
    mean,
    observedDeviation: Math.sqrt(observed),
    expectedDeviation: Math.sqrt(expected),
    withinDeviation: Math.sqrt(within),
    ownDeviation: Math.sqrt(Math.max(0, observed - expected)),
    pValue: Number.isNaN(ratio) ? 1 : upperTailOfF(ratio, groups.length - 1, groups.length * (perGroup - 1)),
  };
}

/**
 * How many times as wide as its own noise says an interval over one group would have to be, to hold what all groups have
 * in common.
 */
export function widening({ withinDeviation, ownDeviation }: BetweenGroups): number {
  return Math.sqrt(1 + (ownDeviation / withinDeviation) ** 2);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
