/** About how long load takes, from runs on a two-core machine; only the display of the time left depends on it. */

import type { ThroughputPlan } from './schema.ts';

/** One window of a warm-up, of each side. */
export const warmUpWindowMillis = 150;
/** Its connections are made and ended, and counters are read. */
const aroundWindowMillis = 130;
/** Both processes of a pair, started together. */
export const pairStartMillis = 2_400;

/** Both of a pair for so long each, in windows with connections of their own. */
export function warmUpEstimateMillis(durationMillis: number): number {
  return Math.ceil(durationMillis / warmUpWindowMillis) * (2 * warmUpWindowMillis + aroundWindowMillis);
}

/** Both of a pair, by turns. */
export function pairEstimateMillis({
  rampMillis = 0,
  windowMillis = 0,
}: Partial<Pick<ThroughputPlan, 'rampMillis' | 'windowMillis'>> = {}): number {
  return 2.2 * (rampMillis + windowMillis) + 150;
}
