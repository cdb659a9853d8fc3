/** Steps of the measures that a scenario asks for beside cost, revocation, size and mistakes, in the order they are taken. */

import type { RandomFraction } from '../../src/kernel/random.ts';
import {
  type LifecycleAction,
  lifecycleActions,
  lifecycleEstimateMillis,
  type RoleChangeAction,
  roleChangeActions,
  roleChangeEstimateMillis,
} from './plan-lifecycle.ts';
import type { Scenario } from './schema.ts';

/** One of each measure. */
export type MeasureAction = LifecycleAction | RoleChangeAction;

export interface MeasurePlanning {
  readonly scenario: Scenario;
  /** The reference first. */
  readonly contestants: readonly string[];
  /** Draws the order of the contestants. */
  readonly fraction: RandomFraction;
}

/** After the pairs of windows, before the revocations. */
export function measureActions({ scenario, contestants, fraction }: MeasurePlanning): readonly MeasureAction[] {
  const { lifecycle, roleChange, strategies } = scenario;
  return [
    ...(lifecycle === undefined ? [] : lifecycleActions(lifecycle, contestants, fraction)),
    ...(roleChange === undefined ? [] : roleChangeActions(roleChange, strategies, fraction)),
  ];
}

/** From runs on a two-core machine; only the display of the time left depends on it. */
export function measureEstimateMillis(action: MeasureAction, scenario: Scenario): number {
  switch (action.kind) {
    case 'lifecycle':
      return lifecycleEstimateMillis(action);
    case 'role-change':
      return roleChangeEstimateMillis(action, scenario);
  }
}
