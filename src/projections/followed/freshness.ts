/** When a node may answer for a partition: how old its knowledge can be at most, proved by beats. No I/O, no timers. */

import type { Position } from '../../eventlog/port.ts';

/** One moment on both clocks: the monotonic one may stand still while a machine is suspended, the wall clock may jump. */
export interface Moment {
  readonly monotonicMillis: number;
  readonly wallMillis: number;
}

/** A beat on its way; handed back with its answer. */
export interface SentBeat {
  /** Taken before it was sent: whatever was acknowledged earlier is in the log when the beat runs. */
  readonly sent: Moment;
  /** Number of the last event that was known then: an answer below it comes from a log that lost something. */
  readonly floor: number;
}

/**
 * - `counted`: everything up to the answered position has been applied; fresh since the beat was sent.
 * - `waiting`: it will count when the tail has delivered the rest.
 * - `dropped`: too late, or sent before the last rebuild; proves nothing.
 * - `new-epoch`, `went-backwards`: this is not the log that was followed; only a rebuild helps.
 * - `withheld`: nothing of what an earlier answer told of has come within the limit. Where it was cut from the log and no
 *   event follows in which the gap would show, it never comes; only a rebuild helps.
 */
export type BeatOutcome = 'counted' | 'waiting' | 'dropped' | 'new-epoch' | 'went-backwards' | 'withheld';

export interface FreshnessOptions {
  /** S: for how long after a counting beat was sent the node may answer. */
  readonly stalenessLimitMillis: number;
  /** Beats that may be on their way at the same time. */
  readonly outstandingLimit: number;
}

interface WaitingBeat {
  readonly sent: Moment;
  /** The last event when it ran. */
  readonly number: number;
  /** The last one that had been applied when it was answered. */
  readonly applied: number;
}

/** Freshness of one partition. Closed until `open`; a closed partition is never fresh and sends no beats. */
export class PartitionFreshness {
  readonly #stalenessLimitMillis: number;
  readonly #outstandingLimit: number;
  readonly #outstanding = new Set<SentBeat>();
  /** Answered, but not applied yet: oldest first. */
  #waiting: WaitingBeat[] = [];
  #position: Position | null = null;
  /** Highest number that any answer in this life has told. */
  #told = 0;
  #since: Moment | null = null;

  constructor(options: FreshnessOptions) {
    this.#stalenessLimitMillis = options.stalenessLimitMillis;
    this.#outstandingLimit = options.outstandingLimit;
  }

  /** The last applied event, or null while closed. */
  get position(): Position | null {
    return this.#position;
  }

  /** Starts over from a position up to which everything is known; fresh with the first beat sent from now on. */
  open(position: Position): void {
    this.close();
    this.#position = position;
    this.#told = position.number;
  }

  close(): void {
    this.#position = null;
    this.#since = null;
    this.#waiting = [];
    this.#outstanding.clear();
  }

  /** The event right after the last applied one has been applied. */
  applied(position: Position): void {
    if (this.#position === null) return;
    this.#position = position;
    let counted = 0;
    for (const beat of this.#waiting) {
      if (beat.number > position.number) break;
      this.#count(beat.sent);
      counted += 1;
    }
    if (counted > 0) this.#waiting.splice(0, counted);
  }

  /** Registers a beat that is sent right after; null when none is to be sent: closed, or enough are on their way. */
  send(now: Moment): SentBeat | null {
    if (this.#position === null) return null;
    for (const beat of this.#outstanding) if (this.#age(beat.sent, now) > this.#stalenessLimitMillis) this.failed(beat);
    if (this.#outstanding.size >= this.#outstandingLimit) return null;
    const beat: SentBeat = { sent: now, floor: Math.max(this.#position.number, this.#told) };
    this.#outstanding.add(beat);
    return beat;
  }

  /** The beat came to nothing. */
  failed(beat: SentBeat): void {
    this.#outstanding.delete(beat);
  }

  answered(beat: SentBeat, position: Position): BeatOutcome {
    const isExpected = this.#outstanding.delete(beat);
    if (!isExpected || this.#position === null) return 'dropped';
    if (position.epoch !== this.#position.epoch) return 'new-epoch';
    if (position.number < beat.floor) return 'went-backwards';
    this.#told = Math.max(this.#told, position.number);
    if (position.number <= this.#position.number) {
      this.#count(beat.sent);
      return 'counted';
    }
    this.#waiting.push({ sent: beat.sent, number: position.number, applied: this.#position.number });
    return this.#forgetWaiting(beat.sent, this.#position.number) ? 'withheld' : 'waiting';
  }

  /**
   * A stuck tail must not let them pile up, and the oldest could not make anything fresh any more. Whether one of them
   * has waited in vain.
   */
  #forgetWaiting(now: Moment, applied: number): boolean {
    let isInVain = false;
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      if (this.#age(first.sent, now) <= this.#stalenessLimitMillis) break;
      isInVain ||= first.applied === applied;
      this.#waiting.shift();
    }
    return isInVain;
  }

  /** Whether every revocation acknowledged longer ago than the staleness limit is known here. */
  isFresh(monotonicMillis: number, wallMillis: number): boolean {
    return (
      this.#since !== null &&
      monotonicMillis - this.#since.monotonicMillis <= this.#stalenessLimitMillis &&
      wallMillis - this.#since.wallMillis <= this.#stalenessLimitMillis
    );
  }

  /** How long ago the newest counting beat was sent; null when none has counted yet. */
  ageMillis(now: Moment): number | null {
    return this.#since === null ? null : this.#age(this.#since, now);
  }

  #count(sent: Moment): void {
    if (this.#since === null || sent.monotonicMillis >= this.#since.monotonicMillis) this.#since = sent;
  }

  /** By the clock that says more. */
  #age(then: Moment, now: Moment): number {
    return Math.max(now.monotonicMillis - then.monotonicMillis, now.wallMillis - then.wallMillis);
  }
}
