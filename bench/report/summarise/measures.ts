/** Results of the measures beside cost, revocation, size and mistakes: a fold for each. */

import type { RunEvent, RunStarted } from '../../record/run-events.ts';
import type { Warning } from '../../statistics/warnings.ts';
import { type CataloguedResults, summariseAttacks } from './attacks.ts';
import { type ChaosResults, summariseChaos } from './chaos.ts';
import { type FaultResults, summariseFaults } from './faults.ts';
import { type LifecycleResults, summariseLifecycle } from './lifecycle.ts';
import { type LinkSummary, summariseLink } from './link.ts';
import { type OpenLoopResults, summariseOpenLoop } from './open-loop.ts';
import { type RoleChangeResults, summariseRoleChanges } from './role-change.ts';
import { type SizeLimitResults, summariseSizeLimits } from './size-limits.ts';
import { type StateResults, summariseState } from './state.ts';
import { summariseTokenCaches, type TokenCacheResult } from './token-cache.ts';

/** One member of each measure; null where the scenario does not ask for it. */
export interface MeasureResults {
  readonly openLoop: readonly OpenLoopResults[] | null;
  readonly state: readonly StateResults[] | null;
  readonly lifecycle: readonly LifecycleResults[] | null;
  readonly roleChange: readonly RoleChangeResults[] | null;
  readonly sizeLimits: SizeLimitResults | null;
  /** Null where nodes reach Redis without a link in between. */
  readonly link: LinkSummary | null;
  readonly faults: readonly FaultResults[] | null;
  readonly attacks: readonly CataloguedResults[] | null;
  readonly chaos: readonly ChaosResults[] | null;
  /** Empty where nobody remembers tokens. */
  readonly tokenCaches: readonly TokenCacheResult[];
}

/** Of a run with a sweep: its levels hold them. */
export const noMeasures: MeasureResults = {
  openLoop: null,
  state: null,
  lifecycle: null,
  roleChange: null,
  sizeLimits: null,
  link: null,
  faults: null,
  attacks: null,
  chaos: null,
  tokenCaches: [],
};

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
  const link = events.find((event) => event.type === 'LinkMeasured');
  return {
    openLoop: scenario.openLoop === undefined ? null : summariseOpenLoop(subjects),
    state: scenario.state === undefined ? null : summariseState(subjects),
    lifecycle: scenario.lifecycle === undefined ? null : summariseLifecycle(subjects),
    roleChange: scenario.roleChange === undefined ? null : summariseRoleChanges(subjects),
    sizeLimits: scenario.tokenSize === undefined ? null : summariseSizeLimits(events),
    link: link === undefined ? null : summariseLink(link),
    faults: scenario.faults === undefined ? null : summariseFaults(events, scenario.faults.inflicted, contestants),
    attacks: scenario.attacks === undefined ? null : summariseAttacks(events),
    chaos: scenario.chaos === undefined ? null : summariseChaos(events),
    tokenCaches: summariseTokenCaches(events),
  };
}
