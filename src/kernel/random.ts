/** Randomness as a dependency: the system's CSPRNG in production, a seeded generator where a run must be repeatable. */

import { randomBytes } from 'node:crypto';

/** Returns `size` unpredictable bytes. Everything secret or unique in authlab starts here. */
export type RandomBytes = (size: number) => Buffer;

export const systemRandomBytes: RandomBytes = (size) => randomBytes(size);

/** A fraction in [0, 1), as `Math.random` gives it. */
export type RandomFraction = () => number;

/**
 * A repeatable sequence of fractions for plans and tests (mulberry32, a 32-bit generator in the public domain).
 * Never for secrets.
 */
export function seededFraction(seed: number): RandomFraction {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
