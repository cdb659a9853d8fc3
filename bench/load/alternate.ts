/** Loads that take turns of a few milliseconds: only one of them sends at a time, over connections that stay. */

import { setTimeout as pause } from 'node:timers/promises';
import { keepAwake } from './awake.ts';
import type { RunningLoad } from './closed-loop.ts';

export interface Turning {
  /** How long one sends before its last answers are awaited and it is the next one's turn. */
  readonly sliceMillis: number;
  /** They take turns until each has been sending for so long. */
  readonly sendMillis: number;
}

export interface OwnTurning extends Turning {
  /** Whether this process does not sleep meanwhile: on its core nobody may have to wait for it. */
  readonly staysAwake: boolean;
}

type Held = Pick<RunningLoad, 'hold' | 'go' | 'sendingMillis' | 'answers'>;

/**
 * All loads are held before and after. Returns, for each, the milliseconds in which it was sending or waiting for its last
 * answers. Ends early, between two turns, when `signal` fires.
 */
export async function alternate(
  loads: readonly Held[],
  { sliceMillis, sendMillis, staysAwake }: OwnTurning,
  signal?: AbortSignal,
): Promise<readonly number[]> {
  const before = loads.map((load) => load.sendingMillis());
  const sent = () => loads.map((load, index) => load.sendingMillis() - (before[index] ?? 0));
  const fallAsleep = staysAwake ? keepAwake(() => loads.reduce((sum, load) => sum + load.answers(), 0)) : null;
  try {
    while (loads.length > 0 && Math.min(...sent()) < sendMillis) {
      for (const load of loads) {
        if (signal?.aborted) return sent();
        load.go();
        await pause(sliceMillis);
        await load.hold();
      }
    }
    return sent();
  } finally {
    fallAsleep?.();
  }
}
