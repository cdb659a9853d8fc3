/** About how long load takes, from runs on a two-core machine; only the display of the time left depends on it. */

import type { ThroughputPlan } from './schema.ts';

/** Both of a pair for so long each, in windows with connections of their own; before it their two processes start. */
export function warmUpEstimateMillis(durationMillis: number): number {
  return durationMillis === 0 ? 0 : 2.6 * durationMillis + 700;
}

/** Both of a pair, by turns. */
export function pairEstimateMillis({
  rampMillis = 0,
  windowMillis = 0,
}: Partial<Pick<ThroughputPlan, 'rampMillis' | 'windowMillis'>> = {}): number {
  return 2.2 * (rampMillis + windowMillis) + 150;
}
