/** Whether a process still runs, for tests that end processes. */

import { readFileSync } from 'node:fs';

/** A zombie, whose parent has not asked for its exit code yet, no longer runs. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    // No /proc here, or gone in between: ask again.
    return process.platform !== 'linux';
  }
}
