/** Stops a process so that it can be relied on. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ChildHandle } from './environment.ts';
import { until } from './redis-group.ts';

/** SIGSTOP; returns when none of its code runs any more, which the signal's delivery does not say. */
export async function standStill(child: ChildHandle): Promise<void> {
  await child.signal('SIGSTOP');
  await until(`${child.name} stopped`, async () => {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=', '-p', `${child.pid}`]);
    return stdout.startsWith('T');
  });
}

/** While a node was stopped, it has decided nothing. Monotonic milliseconds. */
export interface Standstill {
  /** From 0. */
  readonly node: number;
  readonly fromMillis: number;
  readonly toMillis: number;
}
