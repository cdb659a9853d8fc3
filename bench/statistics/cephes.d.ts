/** The few functions of `cephes` that are used here: the package's own types are out of reach of its `exports`. */

declare module 'cephes' {
  /** Settles when the functions may be called. */
  export const compiled: Promise<void>;
  /** Area under Student's t density with `degreesOfFreedom`, from minus infinity to `t`. */
  export function stdtr(degreesOfFreedom: number, t: number): number;
  /** The `t` below which lies the probability `p`, 0 < p < 1. */
  export function stdtri(degreesOfFreedom: number, p: number): number;
  /** Area under the F density with these degrees of freedom, from `f` on. */
  export function fdtrc(degreesAbove: number, degreesBelow: number, f: number): number;
  /** Probability of at most `successes` in `trials` independent trials, each with `probability`. */
  export function bdtr(successes: number, trials: number, probability: number): number;
}
