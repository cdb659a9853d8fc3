/** The histories of a run: one for each seed, in their order. */

import type { ChaosPlan } from './chaos-schema.ts';

export interface ChaosAction {
  readonly kind: 'chaos';
  readonly seed: number;
}

export function chaosActions({ seeds }: ChaosPlan, seed: number): ChaosAction[] {
  return Array.from({ length: seeds }, (_, index) => ({ kind: 'chaos', seed: (seed + index) >>> 0 }));
}

/** From runs on a two-core machine: servers and nodes, the history, its healing, and the last word on every credential. */
export function chaosEstimateMillis({ topology, durationMillis }: ChaosPlan): number {
  return (topology === 'one' ? 14_000 : 20_000) + durationMillis;
}
