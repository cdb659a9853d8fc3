/** The revocations a node knows: looked up by every request, forgotten only when no token of the session can live. */

import type { Partition, RevocationEntry } from '../../eventlog/port.ts';
import type { Clock } from '../../kernel/clock.ts';

/** A part of a clean-up looks at so many revocations, or at such a share of them. */
const smallestSweep = 2_000;
const sweepsPerPass = 256;

/** For how long wall time must have been ahead before it is believed. */
const settlingMillis = 3_600_000;

/**
 * Grows by `add` and shrinks by expiry alone; there is no way to take a revocation back. Costs one map entry for each
 * revocation. Expired entries leave a few at a time, so that no request ever waits for a clean-up.
 */
export class RevocationSet {
  /** Whole seconds, rounded up: small integers cost no memory of their own. */
  readonly #expirySeconds = new Map<string, number>();
  readonly #time: SettledTime;
  #sweeper: Iterator<[string, number]>;

  constructor(clock: Clock) {
    this.#time = new SettledTime(clock);
    this.#sweeper = this.#expirySeconds.entries();
  }

  get size(): number {
    return this.#expirySeconds.size;
  }

  /** Whether the session was revoked. May go on saying so for a while after the expiry, when nobody can ask in earnest. */
  has(id: string): boolean {
    return this.#expirySeconds.has(id);
  }

  /** Of two expiries the later one holds. */
  add(entry: RevocationEntry): void {
    const seconds = Math.ceil(entry.expiresAtMillis / 1_000);
    const known = this.#expirySeconds.get(entry.id);
    if (known === undefined || known < seconds) this.#expirySeconds.set(entry.id, seconds);
  }

  /** What is known of one partition's sessions and has not expired, each with the expiry in milliseconds. */
  unexpiredIn(partition: Partition): Map<string, number> {
    const nowSeconds = this.#time.wallMillis() / 1_000;
    const found = new Map<string, number>();
    const prefix = `${partition}.`;
    for (const [id, expirySeconds] of this.#expirySeconds) {
      if (expirySeconds >= nowSeconds && id.startsWith(prefix)) found.set(id, expirySeconds * 1_000);
    }
    return found;
  }

  /** Part of a clean-up: well under a millisecond, and often enough for all to be looked at in a minute or so. */
  sweepSome(): void {
    this.sweep(Math.max(smallestSweep, Math.ceil(this.#expirySeconds.size / sweepsPerPass)));
  }

  /**
   * Looks at the next `limit` entries in turn and forgets the expired ones; starts over after the last. Entries that
   * were added last are looked at last.
   */
  sweep(limit: number): void {
    const nowSeconds = this.#time.wallMillis() / 1_000;
    for (let looked = 0; looked < limit; looked += 1) {
      const next = this.#sweeper.next();
      if (next.done === true) {
        this.#sweeper = this.#expirySeconds.entries();
        return;
      }
      const [id, expirySeconds] = next.value;
      if (expirySeconds < nowSeconds) this.#expirySeconds.delete(id);
    }
  }
}

/**
 * Wall time that does not run ahead. A clock that is set forward by mistake and back again would otherwise forget
 * revocations whose tokens then come back to life. Time set forward counts once it has stayed there for an hour (the
 * correction of a wrong clock, a machine that was suspended); time set back counts at once.
 */
class SettledTime {
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
