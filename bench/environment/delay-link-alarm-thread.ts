/** The thread of the delay link's alarm: sleeps until the moment it is told, says so, and sleeps on. */

import { parentPort, workerData } from 'node:worker_threads';
import { type AlarmMemory, monotonicNanos } from './delay-link-alarm-memory.ts';

const memory: AlarmMemory = workerData;
const calls = new Int32Array(memory.calls);
const wakeNanos = new BigInt64Array(memory.wakeNanos);

let answered = 0;
for (;;) {
  const call = Atomics.load(calls, 0);
  if (call === answered) {
    Atomics.wait(calls, 0, call);
    continue;
  }
  const leftMillis = Number(Atomics.load(wakeNanos, 0) - monotonicNanos()) / 1e6;
  if (leftMillis > 0) {
    // Ends early when the alarm is set anew, and never late because of it.
    Atomics.wait(calls, 0, call, leftMillis);
    continue;
  }
  answered = call;
  parentPort?.postMessage(null);
}
