/** Results of the measures beside cost, revocation, size and mistakes: a fold for each. */

import type { RunEvent, RunStarted } from '../../record/run-events.ts';
import type { Warning } from '../../statistics/warnings.ts';
import { type LifecycleResults, summariseLifecycle } from './lifecycle.ts';
import { type RoleChangeResults, summariseRoleChanges } from './role-change.ts';

/** One member of each measure; null where the scenario does not ask for it. */
export interface MeasureResults {
  readonly lifecycle: readonly LifecycleResults[] | null;
  readonly roleChange: readonly RoleChangeResults[] | null;
}

export interface MeasureContext {
  readonly events: readonly RunEvent[];
  readonly scenario: RunStarted['scenario'];
  /** The reference first. */
  readonly contestants: readonly string[];
  readonly warnings: readonly Warning[];
}

export function summariseMeasures({ events, scenario, contestants, warnings }: MeasureContext): MeasureResults {
  const subjects = contestants.map((contestant) => ({
    contestant,
    events: events.filter((event) => 'contestant' in event && event.contestant === contestant),
    runWarnings: warnings,
  }));
  return {
    lifecycle: scenario.lifecycle === undefined ? null : summariseLifecycle(subjects),
    roleChange: scenario.roleChange === undefined ? null : summariseRoleChanges(subjects),
  };
}
