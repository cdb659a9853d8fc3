/** The clock of tests in which real servers run and days pass. */

import { type Clock, systemClock } from '../kernel/clock.ts';

/** Real time, and what a test adds to it: so that real servers and days can pass in one test. */
export class AdvancingClock implements Clock {
  #addedMillis = 0;
  #frozenWallMillis: number | null = null;
  wallMillis = (): number => this.#frozenWallMillis ?? systemClock.wallMillis() + this.#addedMillis;
  monotonicMillis = (): number => systemClock.monotonicMillis() + this.#addedMillis;

  advance(millis: number): void {
    this.#addedMillis += millis;
  }

  /** Does everything in one millisecond of wall time. */
  async inOneMillisecond(work: () => Promise<void>): Promise<void> {
    this.#frozenWallMillis = this.wallMillis();
    try {
      await work();
    } finally {
      this.#frozenWallMillis = null;
    }
  }
}
