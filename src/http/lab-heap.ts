/** What this process keeps alive, for measurements of memory. In the lab alone: collecting garbage stops everything. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of the JavaScript heap and of the buffers that it holds, after its garbage was collected. Takes some ten ms. */
export function liveBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') {
    // What the first round lets go of (finalizers, weak references) is taken by the second.
    collect();
    collect();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
