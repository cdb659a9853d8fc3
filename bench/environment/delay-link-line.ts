/** The delay itself: what is put on the line is delivered in order, each when its time has passed. No input or output. */

export interface LineTimer {
  /** Monotonic, in milliseconds with a fraction. */
  nowMillis(): number;
  /**
   * Has `deliverDue` called at that moment, or somewhat before. The line asks for one moment at a time; a later call
   * takes the place of the one before. Calls it did not ask for do no harm.
   */
  wakeAt(dueMillis: number): void;
}

interface Parcel {
  readonly dueMillis: number;
  readonly deliver: () => void;
}

/** Delivered parcels at the head of the list are let go of when there are so many, and they are half of it. */
const keptDelivered = 1_024;

/**
 * One line for all connections and both directions, as they would share a cable: nothing overtakes anything, not even
 * when the delay gets shorter while something is under way.
 */
export class DelayLine {
  readonly #timer: LineTimer;
  #parcels: Parcel[] = [];
  #delivered = 0;
  #delayMillis = 0;

  constructor(timer: LineTimer) {
    this.#timer = timer;
  }

  /**
   * What is sent from now on takes so long. Resolves when all that was sent before has been delivered.
   */
  setDelay(millis: number): Promise<void> {
    return new Promise((resolve) => {
      this.send(resolve);
      this.#delayMillis = millis;
    });
  }

  /** Calls `deliver` after the delay; at once where there is none and nothing is under way. */
  send(deliver: () => void): void {
    const isIdle = this.#parcels.length === this.#delivered;
    if (isIdle && this.#delayMillis === 0) {
      deliver();
      return;
    }
    // Due before one that is ahead of it, it leaves right behind that one.
    const dueMillis = this.#timer.nowMillis() + this.#delayMillis;
    this.#parcels.push({ dueMillis, deliver });
    if (isIdle) this.#timer.wakeAt(dueMillis);
  }

  /** Delivers whatever is due, and asks to be woken for the next. */
  deliverDue(): void {
    for (;;) {
      const next = this.#parcels[this.#delivered];
      if (next === undefined) break;
      // Read anew for each: delivering takes time, in which more falls due.
      if (next.dueMillis > this.#timer.nowMillis()) {
        this.#timer.wakeAt(next.dueMillis);
        break;
      }
      this.#delivered += 1;
      next.deliver();
    }
    this.#forgetDelivered();
  }

  #forgetDelivered(): void {
    const isEmpty = this.#delivered === this.#parcels.length;
    if (!isEmpty && (this.#delivered < keptDelivered || this.#delivered * 2 < this.#parcels.length)) return;
    this.#parcels = isEmpty ? [] : this.#parcels.slice(this.#delivered);
    this.#delivered = 0;
  }
}
