/**
 * What processes differ by that do the same. How code was compiled and where memory came to lie is decided once in a
 * process' life, so that no number of rounds of one process shows it: it is added to every interval between processes.
 */

import type { StandingError } from './interval.ts';

/**
 * Standard deviation of the CPU that a process spends on a request, and of the requests that it gets done, as a share of
 * them. From `none-against-none`, two sets of five pairs of processes on a two-core machine: 0.6 and 1.05 %. Other machines
 * have another; a run's own noise floor, and that program, tell.
 */
export const processSpread = 0.01;
/** Of two sets of five. */
const degreesOfFreedom = 8;

/**
 * Standard error of a difference, or of the logarithm of a ratio, between processes.
 *
 * @param shares For each side what its processes spend, over how many of them its observations were spread: microseconds for
 * a difference, 1 for a ratio.
 */
export function processError(
  ...sides: readonly { readonly spent: number; readonly processes: number }[]
): StandingError {
  const variances = sides.map(({ spent, processes }) => (processSpread * spent) ** 2 / Math.max(1, processes));
  return { standardError: Math.sqrt(variances.reduce((sum, one) => sum + one, 0)), degreesOfFreedom };
}
