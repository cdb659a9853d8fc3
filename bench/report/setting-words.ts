/** Where and for how long a run was measured, in a few words: what a reader must know before the first figure. */

import { duration } from './format.ts';
import type { Results } from './summarise/results.ts';

/** `one machine, no network in between`. Plain text. */
export function settingText(results: Results): string {
  const where = results.redis.source === 'url' ? 'Redis at a given address' : 'one machine';
  return `${where}, ${distanceText(results)}`;
}

/** `3.36 min`; empty where the run was aborted without a word. */
export function tookText({ run }: Pick<Results, 'run'>): string {
  return run.durationMillis === null ? '' : duration(run.durationMillis);
}

/** What the link was asked to add, and what it was measured to have added. */
function distanceText({ run: { scenario }, redis, measures, sweep }: Results): string {
  const levels = sweep?.factor === 'added-rtt-millis' ? sweep.levels.map(({ level }) => level) : null;
  const asked = levels ?? (scenario.addedRttMillis === undefined ? [] : [scenario.addedRttMillis]);
  if (asked.length === 0 || Math.max(...asked) === 0) {
    return redis.source === 'url' ? 'over the network as it is' : 'no network in between';
  }
  const [least, most] = [Math.min(...asked), Math.max(...asked)];
  const range = least === most ? `${most} ms` : `${least} to ${most} ms`;
  const measured = measures.link === null ? '' : ` (measured: ${duration(measures.link.addedMicros.p50 / 1_000)})`;
  return `${range} added to each round trip to Redis${measured}`;
}
