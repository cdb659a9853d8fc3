/** How a figure changes with the factor of a sweep, in a word, and by a rule that can be printed. */

import { studentTQuantile } from './student-t.ts';

/** A figure at one level: where the level lies on the axis, and the estimate with its 95 % interval. */
export interface GrowthPoint {
  readonly at: number;
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export type GrowthShape =
  | 'flat'
  | 'linear'
  | 'slower than linear'
  | 'faster than linear'
  | 'falls'
  | 'uneven'
  | 'cannot tell';

export interface Growth {
  readonly shape: GrowthShape;
  /** Last level less the first. Null below two levels. */
  readonly change: number | null;
}

/** What counts as no change: this much, or this share of the first level's figure, whichever is more. */
export interface Tolerance {
  readonly absolute: number;
  readonly share: number;
}

/** Intervals are of 95 %, of many observations: this many standard errors on each side. */
const normalReach = normalQuantile(0.975);
/** A figure without spread (bytes) is taken to be known this well. */
const leastErrorShare = 0.005;

/**
 * The rule. *Flat*: the difference of every level from the first, with its interval, lies within the tolerance. Else some
 * level must differ from the first by more than chance gives once in twenty such sweeps (Bonferroni), or it is *cannot tell*.
 * If the last does not: *uneven*. If the last lies below the first: *falls*. If it lies above, a weighted parabola is fitted,
 * and its bend says *linear* (interval includes none), *slower* or *faster than linear*.
 * Fewer than three levels tell nothing.
 */
export function growthOf(points: readonly GrowthPoint[], tolerance: Tolerance): Growth {
  const [first, ...later] = points;
  const last = later.at(-1);
  if (first === undefined || last === undefined) return { shape: 'cannot tell', change: null };
  const change = last.estimate - first.estimate;
  if (later.length < 2) return { shape: 'cannot tell', change };
  const errorOf = errors(points);
  const reach = normalQuantile(1 - 0.025 / later.length);
  const differs = (point: GrowthPoint) =>
    Math.abs(point.estimate - first.estimate) > reach * Math.hypot(errorOf(point), errorOf(first));
  const allowed = Math.max(tolerance.absolute, tolerance.share * Math.abs(first.estimate));
  const isWithin = later.every(
    (point) =>
      Math.abs(point.estimate - first.estimate) + normalReach * Math.hypot(errorOf(point), errorOf(first)) <= allowed,
  );
  if (isWithin) return { shape: 'flat', change };
  if (!later.some(differs)) return { shape: 'cannot tell', change };
  if (!differs(last)) return { shape: 'uneven', change };
  if (change < 0) return { shape: 'falls', change };
  return { shape: bendOf(points, errorOf), change };
}

/** Where two figures change their order: the place, and the levels between which it lies. */
export interface Crossover {
  readonly at: number;
  readonly after: number;
  readonly before: number;
  /** Whether the first of the two is the lower one until there. */
  readonly isFirstLowerBefore: boolean;
}

/**
 * Every change of order that is certain on both sides of it, by 95 % over all levels (Bonferroni). The place is where the
 * straight line between the two certain levels meets zero. The points of both lie at the same places.
 */
export function crossoversOf(left: readonly GrowthPoint[], right: readonly GrowthPoint[]): Crossover[] {
  const reach = normalQuantile(1 - 0.025 / Math.max(1, left.length));
  const [leftError, rightError] = [errors(left), errors(right)];
  const found: Crossover[] = [];
  let certain: { readonly at: number; readonly difference: number } | null = null;
  for (const [index, point] of left.entries()) {
    const other = right[index];
    if (other === undefined) break;
    const difference = point.estimate - other.estimate;
    if (Math.abs(difference) <= reach * Math.hypot(leftError(point), rightError(other))) continue;
    if (certain !== null && Math.sign(certain.difference) !== Math.sign(difference)) {
      const share = certain.difference / (certain.difference - difference);
      found.push({
        at: certain.at + share * (point.at - certain.at),
        after: certain.at,
        before: point.at,
        isFirstLowerBefore: certain.difference < 0,
      });
    }
    certain = { at: point.at, difference };
  }
  return found;
}

/** Standard errors from the intervals, none below what a figure without spread is taken to be known to. */
function errors(points: readonly GrowthPoint[]): (point: GrowthPoint) => number {
  const least = leastErrorShare * Math.max(...points.map(({ estimate }) => Math.abs(estimate)), Number.MIN_VALUE);
  return ({ low, high }) => Math.max((high - low) / 2 / normalReach, least);
}

/** The sign of the bend of a weighted parabola; the axis is scaled to 1, which changes no sign. */
function bendOf(points: readonly GrowthPoint[], errorOf: (point: GrowthPoint) => number): GrowthShape {
  const scale = Math.max(...points.map(({ at }) => Math.abs(at)), Number.MIN_VALUE);
  const rows = points.map((point) => ({
    x: point.at / scale,
    y: point.estimate,
    weight: 1 / errorOf(point) ** 2,
  }));
  const fit = parabola(rows);
  if (fit === null) return 'linear';
  const spare = points.length - 3;
  const misfit = rows.reduce((sum, { x, y, weight }) => sum + weight * (y - fit.valueAt(x)) ** 2, 0);
  // Where the parabola itself does not fit, its bend is known less well.
  const error = Math.sqrt(fit.bendVariance * (spare > 0 ? Math.max(1, misfit / spare) : 1));
  if (Math.abs(fit.bend) <= normalReach * error) return 'linear';
  return fit.bend > 0 ? 'faster than linear' : 'slower than linear';
}

interface WeightedPoint {
  readonly x: number;
  readonly y: number;
  readonly weight: number;
}

/** Least squares by the normal equations, solved by Cramer's rule. Null when the places are fewer than three. */
function parabola(points: readonly WeightedPoint[]) {
  const sum = (power: number, ofValues: boolean) =>
    points.reduce((total, { x, y, weight }) => total + weight * x ** power * (ofValues ? y : 1), 0);
  const [s0, s1, s2, s3, s4] = [sum(0, false), sum(1, false), sum(2, false), sum(3, false), sum(4, false)];
  const [t0, t1, t2] = [sum(0, true), sum(1, true), sum(2, true)];
  const whole = determinant([s0, s1, s2], [s1, s2, s3], [s2, s3, s4]);
  if (Math.abs(whole) <= 1e-12 * Math.abs(s0 * s2 * s4)) return null;
  const constant = determinant([t0, s1, s2], [t1, s2, s3], [t2, s3, s4]) / whole;
  const slope = determinant([s0, t0, s2], [s1, t1, s3], [s2, t2, s4]) / whole;
  const bend = determinant([s0, s1, t0], [s1, s2, t1], [s2, s3, t2]) / whole;
  return {
    bend,
    bendVariance: (s0 * s2 - s1 * s1) / whole,
    valueAt: (x: number) => constant + slope * x + bend * x * x,
  };
}

type Row = readonly [number, number, number];

function determinant([a, b, c]: Row, [d, e, f]: Row, [g, h, i]: Row): number {
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}

/** Student's t with so many degrees of freedom is the normal distribution. */
function normalQuantile(probability: number): number {
  return studentTQuantile(probability, 1_000_000);
}
