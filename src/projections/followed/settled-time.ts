/** Wall time that does not run ahead, for forgetting what has expired. */

import type { Clock } from '../../kernel/clock.ts';

/** For how long wall time must have been ahead before it is believed. */
const settlingMillis = 3_600_000;

/**
 * A clock that is set forward by mistake and back again would otherwise forget revocations whose tokens then come back to
 * life. Time set forward counts once it has stayed there for an hour (the correction of a wrong clock, a machine that was
 * suspended); time set back counts at once.
 */
export class SettledTime {
  readonly #clock: Clock;
  #baseWallMillis: number;
  #baseMonotonicMillis: number;
  /** Monotonic time since which the wall clock has been ahead. */
  #aheadSinceMillis: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#baseWallMillis = clock.wallMillis();
    this.#baseMonotonicMillis = clock.monotonicMillis();
  }

  wallMillis(): number {
    const wall = this.#clock.wallMillis();
    const monotonic = this.#clock.monotonicMillis();
    const steady = this.#baseWallMillis + monotonic - this.#baseMonotonicMillis;
    if (wall <= steady) {
      this.#aheadSinceMillis = null;
      return wall;
    }
    this.#aheadSinceMillis ??= monotonic;
    if (monotonic - this.#aheadSinceMillis < settlingMillis) return steady;
    this.#aheadSinceMillis = null;
    this.#baseWallMillis = wall;
    this.#baseMonotonicMillis = monotonic;
    return wall;
  }
}
