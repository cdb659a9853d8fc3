/**
 * An alarm that rings to within some ten microseconds, where Node's timers know whole milliseconds. A thread sleeps until
 * shortly before the moment, as exactly as the kernel wakes it; the rest is spent turning the event loop, which goes on
 * reading and writing meanwhile. Spinning alone would be as exact, and take a whole core from what is measured.
 */

import { Worker } from 'node:worker_threads';
import { type AlarmMemory, monotonicNanos } from './delay-link-alarm-memory.ts';
import { compiledFile } from './programs.ts';

/**
 * From the moment the thread is to wake until the loop hears of it: 0.13 to 0.16 ms on a quiet two-core machine, whatever
 * the sleep. Turning for longer than that made round trips less exact there, not more: it takes the processor from others.
 */
const leadMillis = 0.15;

/** Keeps the process alive, and ends it by an uncaught error should the thread fail. */
export class DelayLinkAlarm {
  readonly #ring: () => void;
  readonly #calls: Int32Array;
  readonly #wakeNanos: BigInt64Array;
  #isTurning = false;

  /** `ring` is called at the moment that was set, or before: it sets the alarm again where it has come too early. */
  constructor(ring: () => void) {
    this.#ring = ring;
    const memory: AlarmMemory = { calls: new SharedArrayBuffer(4), wakeNanos: new SharedArrayBuffer(8) };
    this.#calls = new Int32Array(memory.calls);
    this.#wakeNanos = new BigInt64Array(memory.wakeNanos);
    const thread = new Worker(compiledFile('bench/environment/delay-link-alarm-thread.js'), { workerData: memory });
    thread.on('message', ring);
  }

  /** Monotonic time, the one that `setFor` goes by. */
  nowMillis(): number {
    return Number(monotonicNanos()) / 1e6;
  }

  /** In place of what was set before. */
  setFor(dueMillis: number): void {
    if (dueMillis - this.nowMillis() <= leadMillis) this.#ringNextTurn();
    else this.#wakeThreadAt(dueMillis - leadMillis);
  }

  #ringNextTurn(): void {
    if (this.#isTurning) return;
    this.#isTurning = true;
    setImmediate(() => {
      this.#isTurning = false;
      this.#ring();
    });
  }

  #wakeThreadAt(millis: number): void {
    Atomics.store(this.#wakeNanos, 0, BigInt(Math.round(millis * 1e6)));
    Atomics.add(this.#calls, 0, 1);
    Atomics.notify(this.#calls, 0);
  }
}
