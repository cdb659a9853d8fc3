/** The order in which the state of contestants is measured: one after the other, each in a realm of its own. */

import type { RandomFraction } from '../../src/kernel/random.ts';
import { pairEstimateMillis, warmUpEstimateMillis } from './load-estimates.ts';
import { shuffled } from './orders.ts';
import type { StatePlan } from './state-schema.ts';

export interface StateAction {
  readonly kind: 'state';
  readonly contestant: string;
}

/** Not the reference: it keeps nothing. */
export function stateActions(strategies: readonly string[], fraction: RandomFraction): StateAction[] {
  return shuffled(strategies, fraction).map((contestant) => ({ kind: 'state', contestant }));
}

/** From runs on a two-core machine: logins and logouts in bulk, tidying up, and pairs of nodes. */
export function stateEstimateMillis({ sessions, ended, starts, checks }: StatePlan, credentials: number): number {
  const living = Math.min(sessions, credentials) * (ended ? 2 : 1);
  const filled = 4_500 + 0.25 * (sessions + living) + (ended ? 0.2 * sessions : 0) + 0.03 * sessions;
  const load = checks === undefined ? 0 : warmUpEstimateMillis(checks.warmupMillis) + pairEstimateMillis(checks);
  return filled + (starts + 1) * (2 * 900 + 0.005 * sessions + load);
}
