/** 95 % confidence intervals that are honest at eight observations: t for means, order statistics for medians. */

import { median } from './quantiles.ts';
import { fairCoinCumulative, studentTQuantile, twoSidedPValue } from './student-t.ts';

export const confidence = 0.95;

/** An estimate with the ends of its 95 % confidence interval. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** A mean with its interval and the two-sided p-value of the hypothesis that the true mean is zero. */
export interface MeanInterval extends Interval {
  readonly count: number;
  readonly pValue: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
}

/**
 * Student's t interval for the mean of independent observations (pairs, here). Null below two: one observation says
 * nothing about its own error.
 */
export function meanInterval(values: readonly number[]): MeanInterval | null {
  const count = values.length;
  if (count < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const standardError = Math.sqrt(squares / (count - 1) / count);
  return { ...aroundMean(mean, standardError, count - 1), count };
}

/** An error that more observations do not make smaller, known from elsewhere: its standard deviation, from so many degrees of freedom. */
export interface StandingError {
  readonly standardError: number;
  readonly degreesOfFreedom: number;
}

/**
 * The interval of the same mean with another, independent error added: variances add, and their degrees of freedom as
 * Satterthwaite has it (Biometrics Bulletin 2, 1946), rounded down. That formula trusts an error of few observations that
 * happen to agree: below eight observations the smaller number is taken, which is never too many.
 */
export function withStandingError(mean: MeanInterval, standing: StandingError): MeanInterval {
  const [own, added] = [mean.standardError ** 2, standing.standardError ** 2];
  if (added === 0) return mean;
  const fewer = Math.min(mean.degreesOfFreedom, standing.degreesOfFreedom);
  const formula = (own + added) ** 2 / (own ** 2 / mean.degreesOfFreedom + added ** 2 / standing.degreesOfFreedom);
  const degrees = mean.count < 8 ? fewer : Math.max(fewer, Math.floor(formula));
  return { ...aroundMean(mean.estimate, Math.sqrt(own + added), degrees), count: mean.count };
}

function aroundMean(estimate: number, standardError: number, degreesOfFreedom: number): Omit<MeanInterval, 'count'> {
  const reach = studentTQuantile(1 - (1 - confidence) / 2, degreesOfFreedom) * standardError;
  const pValue = pValueOf(estimate, standardError, degreesOfFreedom);
  return { estimate, low: estimate - reach, high: estimate + reach, pValue, standardError, degreesOfFreedom };
}

/** Observations cut off at each end, as a share of all: one of eight pairs, and none below five. */
const trimmedShare = 0.2;

/**
 * The trimmed mean with its t interval (Tukey and McLaughlin, Sankhya A 25, 1963): the extremes at both ends are left
 * out of the estimate and enter its error as the nearest that stay. A shared machine is slow for moments; one such moment
 * in eight would stretch a plain t interval beyond use. The plain one below five observations, null below two.
 */
export function trimmedMeanInterval(values: readonly number[]): MeanInterval | null {
  const count = values.length;
  const cut = Math.floor(trimmedShare * count);
  if (cut === 0) return meanInterval(values);
  const sorted = Float64Array.from(values).sort();
  const kept = sorted.subarray(cut, count - cut);
  const estimate = kept.reduce((sum, value) => sum + value, 0) / kept.length;
  const low = kept[0] ?? 0;
  const high = kept.at(-1) ?? 0;
  const winsorised = sorted.map((value) => Math.min(Math.max(value, low), high));
  const centre = winsorised.reduce((sum, value) => sum + value, 0) / count;
  const squares = winsorised.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const standardError = Math.sqrt(squares / (count - 1) / count) / (kept.length / count);
  return { ...aroundMean(estimate, standardError, kept.length - 1), count };
}

/**
 * Geometric mean of ratios: the trimmed interval of their logarithms, told as ratios; its standard error, and the standing
 * one that is added, stay those of logarithms. Null below two logarithms.
 */
export function ratioInterval(
  logRatios: readonly number[],
  standing: StandingError | null = null,
): MeanInterval | null {
  const own = trimmedMeanInterval(logRatios);
  if (own === null) return null;
  const logarithmic = standing === null ? own : withStandingError(own, standing);
  return {
    ...logarithmic,
    estimate: Math.exp(logarithmic.estimate),
    low: Math.exp(logarithmic.low),
    high: Math.exp(logarithmic.high),
  };
}

/** A median; `low` and `high` are null where no pair of observations encloses it with 95 %: below six. */
export interface MedianInterval {
  readonly estimate: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly count: number;
}

/**
 * The median with the narrowest symmetric pair of order statistics that encloses the true median with at least 95 %,
 * whatever the distribution (the sign test turned round). Null when there is no observation.
 */
export function medianInterval(values: readonly number[]): MedianInterval | null {
  const count = values.length;
  if (count === 0) return null;
  const sorted = Float64Array.from(values).sort();
  let outside = -1;
  while (2 * fairCoinCumulative(outside + 1, count) <= 1 - confidence) outside += 1;
  const low = sorted[outside];
  const high = sorted[count - 1 - outside];
  return { estimate: median(values), low: low ?? null, high: high ?? null, count };
}

/** Without any spread the mean is what it is: certainly zero, or certainly not. */
function pValueOf(mean: number, standardError: number, degreesOfFreedom: number): number {
  if (standardError === 0) return mean === 0 ? 1 : 0;
  return twoSidedPValue(mean / standardError, degreesOfFreedom);
}
