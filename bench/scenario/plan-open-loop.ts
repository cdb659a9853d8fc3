/** The order of open-loop windows: rounds that hold each contestant once, its window and the reference's side by side. */

import type { RandomFraction } from '../../src/kernel/random.ts';
import type { OpenLoopPlan } from './open-loop-schema.ts';
import { balancedOrders, type PairOrderName, shuffled } from './orders.ts';

export interface OpenLoopAction {
  readonly kind: 'open-loop';
  readonly contestant: string;
  /** From 1. */
  readonly round: number;
  readonly order: PairOrderName;
}

export function openLoopActions(
  { rounds }: OpenLoopPlan,
  contestants: readonly string[],
  fraction: RandomFraction,
): OpenLoopAction[] {
  const orders = new Map(contestants.map((contestant) => [contestant, balancedOrders(rounds, fraction)]));
  return Array.from({ length: rounds }, (_, index) =>
    shuffled(contestants, fraction).map((contestant): OpenLoopAction => {
      const order = orders.get(contestant)?.[index] ?? 'contestant-first';
      return { kind: 'open-loop', contestant, round: index + 1, order };
    }),
  ).flat();
}

export function openLoopEstimateMillis({ rampMillis, windowMillis }: OpenLoopPlan): number {
  return 2 * (rampMillis + windowMillis + 30);
}
