/** Time as a dependency: nothing in authlab reads a clock that a test could not turn. */

export interface Clock {
  /** Wall time in whole milliseconds since the Unix epoch. May jump; used for expiry that other machines must agree on. */
  wallMillis(): number;
  /** Monotonic time in milliseconds with a fraction, from an arbitrary start. Never used across processes. */
  monotonicMillis(): number;
}

export const systemClock: Clock = {
  wallMillis: () => Date.now(),
  monotonicMillis: () => performance.now(),
};

/** A clock that moves only when told to; wall and monotonic time can be moved apart. */
export class ManualClock implements Clock {
  #wall: number;
  #monotonic: number;

  constructor(wallMillis = Date.UTC(2026, 0, 1), monotonicMillis = 1_000) {
    this.#wall = wallMillis;
    this.#monotonic = monotonicMillis;
  }

  wallMillis(): number {
    return this.#wall;
  }

  monotonicMillis(): number {
    return this.#monotonic;
  }

  /** Lets `millis` pass on both clocks. */
  advance(millis: number): void {
    this.#wall += millis;
    this.#monotonic += millis;
  }

  /** Moves wall time alone: a clock correction, or a machine that was suspended. */
  jumpWall(millis: number): void {
    this.#wall += millis;
  }
}
