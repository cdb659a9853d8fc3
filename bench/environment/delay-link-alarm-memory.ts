/** What the alarm's thread and the loop that sets it share. */

export interface AlarmMemory {
  /** One 32-bit integer: how often the alarm has been set. Its change wakes the thread. */
  readonly calls: SharedArrayBuffer;
  /** One 64-bit integer: the moment to wake at, by `monotonicNanos`. */
  readonly wakeNanos: SharedArrayBuffer;
}

/** One clock for all threads of a process; that of `performance` starts anew in each. */
export function monotonicNanos(): bigint {
  return process.hrtime.bigint();
}
