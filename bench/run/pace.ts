/** The time that is left of a run, by how long its steps have taken so far beside what they were expected to take. */

import type { RunPlan, Step } from '../scenario/plan.ts';

interface Spent {
  readonly tookMillis: number;
  readonly estimateMillis: number;
}

/** Estimates come from one machine: on another, what has been measured of a kind of step says more of the others of its kind. */
export class Pace {
  readonly #spent = new Map<string, Spent>();

  /** Steps that were carried out together, and how long that took. */
  done(steps: readonly Step[], tookMillis: number): void {
    const [first] = steps;
    if (first === undefined) return;
    const before = this.#spent.get(kindOf(first)) ?? { tookMillis: 0, estimateMillis: 0 };
    this.#spent.set(kindOf(first), {
      tookMillis: before.tookMillis + tookMillis,
      estimateMillis: before.estimateMillis + steps.reduce((sum, { estimateMillis }) => sum + estimateMillis, 0),
    });
  }

  /** From step `next` of the plan on. */
  remainingMillis({ steps }: RunPlan, next: number): number {
    return steps.slice(next).reduce((sum, step) => sum + step.estimateMillis * this.#factorOf(step), 0);
  }

  #factorOf(step: Step): number {
    const spent = this.#spent.get(kindOf(step));
    return spent === undefined || spent.estimateMillis === 0 ? 1 : spent.tookMillis / spent.estimateMillis;
  }
}

/** Revocations under different conditions have nothing in common. */
function kindOf(step: Step): string {
  return 'condition' in step ? `${step.kind} ${step.condition}` : step.kind;
}
