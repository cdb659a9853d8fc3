/** Which faults act on whom, and since when there has been quiet: a node may say 503 only near a fault. */

import type { NodeProcess } from './node-process.contract.ts';

export interface Disturbance {
  readonly name: string;
  /** Whom it strikes; null: everybody. */
  readonly node: NodeProcess | null;
  /** `keeps`: what got stuck arrives after all. */
  readonly end: (keeps: boolean) => void;
}

export class Disturbances {
  readonly #time: { readonly now: number };
  readonly #active = new Set<Disturbance>();
  readonly #lastAt = new Map<NodeProcess | null, number>();

  constructor(time: { readonly now: number }) {
    this.#time = time;
  }

  get active(): readonly Disturbance[] {
    return [...this.#active];
  }

  begin(disturbance: Disturbance): void {
    this.#active.add(disturbance);
    this.passing(disturbance.node);
  }

  end(disturbance: Disturbance, keeps: boolean): void {
    if (!this.#active.delete(disturbance)) return;
    disturbance.end(keeps);
    this.passing(disturbance.node);
  }

  /** Something that is over as it happens: its effects are not. */
  passing(node: NodeProcess | null): void {
    this.#lastAt.set(node, this.#time.now);
  }

  /** True time since which nothing disturbs this node; infinite while something does. */
  quietSince(node: NodeProcess): number {
    if (this.active.some((active) => active.node === null || active.node === node)) return Number.POSITIVE_INFINITY;
    return Math.max(node.startedAt, this.#lastAt.get(null) ?? 0, this.#lastAt.get(node) ?? 0);
  }
}
