/** Quantiles, and how many observations it takes before one is worth printing. */

/** A percentile as a share: 0.5 is the median. */
export type PrintablePercentile = 0.5 | 0.9 | 0.99;

/**
 * The smallest number of observations that carries a percentile: ten must lie beyond it, or the figure is the tale of
 * one or two outliers. The median is always told, beside the number of observations.
 */
const smallestCounts: Readonly<Record<PrintablePercentile, number>> = { 0.5: 1, 0.9: 100, 0.99: 1_000 };

export function smallestCountFor(percentile: PrintablePercentile): number {
  return smallestCounts[percentile];
}

/**
 * The quantile at `share` (0 to 1) of `values` in any order, linear between neighbours (type 7 of Hyndman and Fan 1996,
 * what R and NumPy print unless told otherwise).
 *
 * @throws RangeError when there are no values or `share` lies outside 0 to 1.
 */
export function quantile(values: readonly number[], share: number): number {
  if (!(share >= 0 && share <= 1)) throw new RangeError('A share lies between 0 and 1.');
  const sorted = Float64Array.from(values).sort();
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new RangeError('A quantile needs at least one value.');
  return below + (above - below) * (place - Math.floor(place));
}

/** The percentile when there are enough values to carry it, else null. */
export function percentileIfCarried(values: readonly number[], percentile: PrintablePercentile): number | null {
  return values.length >= smallestCountFor(percentile) ? quantile(values, percentile) : null;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * The largest value.
 *
 * @throws RangeError when there is none.
 */
export function largest(values: readonly number[]): number {
  return quantile(values, 1);
}

/** A curve of more points would show no more. */
const curvePoints = 200;

/**
 * The values in ascending order, for drawing what share of them lies at or below: the place of the i-th of k is i / k.
 * Of many values every so manieth, the largest always among them. Empty for none.
 */
export function empiricalCurve(values: readonly number[]): number[] {
  const sorted = Array.from(Float64Array.from(values).sort());
  if (sorted.length <= curvePoints) return sorted;
  return Array.from({ length: curvePoints }, (_, index) => {
    const rank = Math.ceil(((index + 1) * sorted.length) / curvePoints);
    return sorted[rank - 1] ?? 0;
  });
}

/**
 * How far the share at any place of such a curve may be from the truth, with 95 % for the whole curve at once (Dvoretzky,
 * Kiefer and Wolfowitz with Massart's constant, Annals of Probability 18, 1990).
 */
export function curveErrorShare(count: number): number {
  return Math.min(1, Math.sqrt(Math.log(2 / 0.05) / (2 * count)));
}

/** What is told about a distribution: each percentile only where the count carries it. */
export interface Distribution {
  readonly count: number;
  readonly p50: number;
  /** Null below 100 observations. */
  readonly p90: number | null;
  /** Null below 1,000 observations. */
  readonly p99: number | null;
  readonly max: number;
}

/** Null when there is nothing to describe. */
export function describeDistribution(values: readonly number[]): Distribution | null {
  if (values.length === 0) return null;
  return {
    count: values.length,
    p50: median(values),
    p90: percentileIfCarried(values, 0.9),
    p99: percentileIfCarried(values, 0.99),
    max: largest(values),
  };
}
