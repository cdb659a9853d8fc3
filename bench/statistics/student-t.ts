/** The distributions of Student's t and of F, and the binomial, as far as intervals and tests need them; by the Cephes library. */

import { bdtr, compiled, fdtrc, stdtr, stdtri } from 'cephes';

// The library is WebAssembly; its functions exist once it has been compiled, a few milliseconds after the import.
await compiled;

/**
 * The value that a t variable with `degreesOfFreedom` stays below with `probability`.
 *
 * @throws RangeError when `degreesOfFreedom` is not a positive integer or `probability` not between 0 and 1.
 */
export function studentTQuantile(probability: number, degreesOfFreedom: number): number {
  demandDegreesOfFreedom(degreesOfFreedom);
  if (!(probability > 0 && probability < 1)) throw new RangeError('A probability lies between 0 and 1.');
  return stdtri(degreesOfFreedom, probability);
}

/**
 * Probability that a t variable with `degreesOfFreedom` lies at least as far from zero as `t`, on either side.
 *
 * @throws RangeError when `degreesOfFreedom` is not a positive integer or `t` is not a number.
 */
export function twoSidedPValue(t: number, degreesOfFreedom: number): number {
  demandDegreesOfFreedom(degreesOfFreedom);
  if (Number.isNaN(t)) throw new RangeError('t must be a number.');
  if (!Number.isFinite(t)) return 0;
  return Math.min(1, 2 * stdtr(degreesOfFreedom, -Math.abs(t)));
}

/** Probability that a quotient of variances with these degrees of freedom is at least `f`, which is not negative. */
export function upperTailOfF(f: number, degreesAbove: number, degreesBelow: number): number {
  demandDegreesOfFreedom(degreesAbove);
  demandDegreesOfFreedom(degreesBelow);
  return Number.isFinite(f) ? fdtrc(degreesAbove, degreesBelow, f) : 0;
}

/** Probability of at most `successes` heads in `tosses` of a fair coin. */
export function fairCoinCumulative(successes: number, tosses: number): number {
  if (successes < 0) return 0;
  return successes >= tosses ? 1 : bdtr(successes, tosses, 0.5);
}

function demandDegreesOfFreedom(degreesOfFreedom: number): void {
  if (!Number.isInteger(degreesOfFreedom) || degreesOfFreedom < 1) {
    throw new RangeError('Degrees of freedom are a positive integer.');
  }
}
