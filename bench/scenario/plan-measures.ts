/** Steps of the measures that a scenario asks for beside cost, revocation, size and mistakes, in the order they are taken. */

import type { RandomFraction } from '../../src/kernel/random.ts';
import { type AttackAction, attackActions, attackEstimateMillis } from './plan-attacks.ts';
import { type ChaosAction, chaosActions, chaosEstimateMillis } from './plan-chaos.ts';
import { type FaultAction, faultActions, faultEstimateMillis } from './plan-faults.ts';
import {
  type LifecycleAction,
  lifecycleActions,
  lifecycleEstimateMillis,
  type RoleChangeAction,
  roleChangeActions,
  roleChangeEstimateMillis,
} from './plan-lifecycle.ts';
import { type OpenLoopAction, openLoopActions, openLoopEstimateMillis } from './plan-open-loop.ts';
import { type StateAction, stateActions, stateEstimateMillis } from './plan-state.ts';
import type { Scenario } from './schema.ts';

/** One of each measure. */
export type MeasureAction =
  | OpenLoopAction
  | StateAction
  | LifecycleAction
  | RoleChangeAction
  | FaultAction
  | AttackAction
  | ChaosAction;

export interface MeasurePlanning {
  readonly scenario: Scenario;
  /** The reference first. */
  readonly contestants: readonly string[];
  /** Draws the order of the contestants. */
  readonly fraction: RandomFraction;
}

/** After the pairs of windows, before the revocations. */
export function measureActions({ scenario, contestants, fraction }: MeasurePlanning): readonly MeasureAction[] {
  const { openLoop, state, lifecycle, roleChange, faults, attacks, chaos, strategies, seed } = scenario;
  return [
    // On the nodes of the pairs, which are stopped after it.
    ...(openLoop === undefined ? [] : openLoopActions(openLoop, contestants, fraction)),
    ...(state === undefined ? [] : stateActions(strategies, fraction)),
    ...(lifecycle === undefined ? [] : lifecycleActions(lifecycle, contestants, fraction)),
    ...(roleChange === undefined ? [] : roleChangeActions(roleChange, strategies, fraction)),
    ...(faults === undefined ? [] : faultActions(faults)),
    ...(attacks === undefined ? [] : attackActions(attacks)),
    ...(chaos === undefined ? [] : chaosActions(chaos, seed)),
  ];
}

/** From runs on a two-core machine; only the display of the time left depends on it. */
export function measureEstimateMillis(action: MeasureAction, scenario: Scenario): number {
  switch (action.kind) {
    case 'open-loop':
      return scenario.openLoop === undefined ? 0 : openLoopEstimateMillis(scenario.openLoop);
    case 'state':
      return scenario.state === undefined ? 0 : stateEstimateMillis(scenario.state, scenario.credentials);
    case 'lifecycle':
      return lifecycleEstimateMillis(action);
    case 'role-change':
      return roleChangeEstimateMillis(action, scenario);
    case 'fault':
      return faultEstimateMillis(action, scenario.stalenessLimitMillis);
    case 'attack':
      return scenario.attacks === undefined ? 0 : attackEstimateMillis(action, scenario.attacks);
    case 'chaos':
      return scenario.chaos === undefined ? 0 : chaosEstimateMillis(scenario.chaos);
  }
}
