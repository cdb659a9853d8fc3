/** The order in which sessions live and roles change: in turns, so that slow drift of the machine meets all alike. */

import type { RandomFraction } from '../../src/kernel/random.ts';
import { traitsOf } from '../../src/strategies/registry.ts';
import type { LifecyclePlan, RoleChangePlan } from './lifecycle-schema.ts';
import { shuffled } from './orders.ts';
import type { Scenario } from './schema.ts';

export interface LifecycleAction {
  readonly kind: 'lifecycle';
  readonly contestant: string;
  /** From 1; 0 is the warm-up, which is not recorded. */
  readonly turn: number;
  /** Trials `firstTrial` (from 1) and the following. */
  readonly firstTrial: number;
  readonly trials: number;
}

/** Trials `firstTrial` (from 1) and the following; all at once where each waits for the end of a credential. */
export interface RoleChangeAction {
  readonly kind: 'role-change';
  readonly contestant: string;
  readonly firstTrial: number;
  readonly trials: number;
}

/** Role changes in a row with one contestant. */
const roleChangesPerTurn = 10;

/** The reference too: what the routes cost when they keep nothing. */
export function lifecycleActions(
  { trials, turns, warmupTrials }: LifecyclePlan,
  contestants: readonly string[],
  fraction: RandomFraction,
): LifecycleAction[] {
  const doneAfter = (turn: number) => Math.floor((trials * turn) / turns);
  const recorded = Array.from({ length: turns }, (_, before) => {
    const firstTrial = doneAfter(before) + 1;
    return { turn: before + 1, firstTrial, trials: doneAfter(before + 1) - doneAfter(before) };
  });
  return [{ turn: 0, firstTrial: 1, trials: warmupTrials }, ...recorded]
    .filter((turn) => turn.trials > 0)
    .flatMap((turn) =>
      shuffled(contestants, fraction).map((contestant) => ({ kind: 'lifecycle', contestant, ...turn })),
    );
}

/** Not the reference: it has no roles to change. */
export function roleChangeActions(
  { trials }: RoleChangePlan,
  strategies: readonly string[],
  fraction: RandomFraction,
): RoleChangeAction[] {
  const waiting = strategies.filter(waitsForRenewal);
  const others = strategies.filter((name) => !waitsForRenewal(name));
  const turns = Array.from({ length: Math.ceil(trials / roleChangesPerTurn) }, (_, turn) => {
    const firstTrial = turn * roleChangesPerTurn + 1;
    const size = Math.min(roleChangesPerTurn, trials - turn * roleChangesPerTurn);
    return shuffled(others, fraction).map((contestant) => roleChange(contestant, firstTrial, size));
  });
  return [...turns.flat(), ...shuffled(waiting, fraction).map((contestant) => roleChange(contestant, 1, trials))];
}

/** From runs on a two-core machine. A session's three steps, and as long a rest after each. */
export function lifecycleEstimateMillis({ trials }: LifecycleAction): number {
  return 100 + 2 * 5 * trials;
}

export function roleChangeEstimateMillis(action: RoleChangeAction, { roleChange }: Scenario): number {
  if (!waitsForRenewal(action.contestant)) return 80 * action.trials;
  // Their starts are spread over one lifetime, and the last one waits for the end of its own.
  return 1_000 * (2 * (roleChange?.credentialLifetimeSeconds ?? 0) + 2);
}

/** Whether the new roles are in no answer before the credential has been renewed at its end. */
export function waitsForRenewal(strategy: string): boolean {
  const { rolesChange } = traitsOf(strategy);
  return rolesChange === 'at-the-next-refresh' || rolesChange === 'at-the-next-login';
}

function roleChange(contestant: string, firstTrial: number, trials: number): RoleChangeAction {
  return { kind: 'role-change', contestant, firstTrial, trials };
}
