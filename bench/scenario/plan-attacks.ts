/** The order in which attacks are made: group by group, as the scenario says it. */

import type { AttackGroup, AttacksPlan } from './attack-schema.ts';

/** All attacks of a group, one after the other, each on all contestants at once. */
export interface AttackAction {
  readonly kind: 'attack';
  readonly group: AttackGroup;
}

export function attackActions({ groups }: AttacksPlan): AttackAction[] {
  return [...new Set(groups)].map((group): AttackAction => ({ kind: 'attack', group }));
}

/** Without the wait for the end of a token, from runs on a two-core machine. */
const groupMillis: Readonly<Record<AttackGroup, number>> = {
  tokens: 30_000,
  cookies: 7_000,
  keys: 20_000,
  refresh: 5_000,
  login: 30_000,
  browser: 20_000,
};

export function attackEstimateMillis({ group }: AttackAction, plan: AttacksPlan): number {
  const waits = group === 'tokens' ? 1 : group === 'refresh' ? 2 : 0;
  return groupMillis[group] + 1_000 * waits * (plan.accessTokenLifetimeSeconds + 2);
}
