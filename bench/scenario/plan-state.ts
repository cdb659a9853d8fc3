/** The order in which the state of contestants is measured: one after the other, each in a realm of its own. */

import type { RandomFraction } from '../../src/kernel/random.ts';
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

/** From runs on a two-core machine: a login, a logout, and the starts of nodes. */
export function stateEstimateMillis({ sessions, starts }: StatePlan): number {
  return 1_000 + 2.4 * sessions + 2 * 900 * starts;
}
