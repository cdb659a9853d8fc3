/** What the nodes of a pair do by themselves: nobody asks them from the end of one of their rounds to the next. */

import type { LabNode, NodeUsage } from '../environment/environment.ts';
import { readUsage } from '../environment/node.ts';
import type { BackgroundMeasured, IdlePeriod } from '../record/background-events.ts';
import type { Lab } from './lab.ts';
import type { PairOrder } from './load-steps.ts';
import type { Pair } from './stage.ts';

type Nodes = Pick<Pair, 'node' | 'reference'>;

interface Watched {
  readonly nodes: Nodes;
  readonly contestant: Began;
  readonly reference: Began;
}

interface Began {
  readonly usage: NodeUsage;
  /** What a reading costs the node that is read. */
  readonly readingMicros: number;
}

export class IdleWatch {
  readonly #shortestMillis: number;
  readonly #read: (node: LabNode) => Promise<NodeUsage>;
  readonly #watched = new Map<string, Watched>();

  /** @param beatIntervalMillis A time without two beats in it says nothing of a node that beats. */
  constructor(beatIntervalMillis: number, read: (node: LabNode) => Promise<NodeUsage> = readUsage) {
    this.#shortestMillis = 2 * beatIntervalMillis;
    this.#read = read;
  }

  /** To be called when nobody asks the pair any more. */
  async begin(contestant: string, { node, reference }: Nodes): Promise<void> {
    const [own, others] = await Promise.all([this.#beginOf(node), this.#beginOf(reference)]);
    this.#watched.set(contestant, { nodes: { node, reference }, contestant: own, reference: others });
  }

  /**
   * To be called before anybody asks again. Null where nothing was begun, the processes are others since, the time was too
   * short, or somebody has asked all the same.
   */
  async end(contestant: string, { node, reference }: Nodes): Promise<Periods | null> {
    const watched = this.#watched.get(contestant);
    this.#watched.delete(contestant);
    if (watched === undefined || watched.nodes.node !== node || watched.nodes.reference !== reference) return null;
    const [own, others] = await Promise.all([this.#read(node), this.#read(reference)]);
    const contestantIdle = this.#periodOf(watched.contestant, own);
    const referenceIdle = this.#periodOf(watched.reference, others);
    return contestantIdle && referenceIdle && { contestantIdle, referenceIdle };
  }

  async #beginOf(node: LabNode): Promise<Began> {
    const before = await this.#read(node);
    const usage = await this.#read(node);
    return { usage, readingMicros: usage.cpuMicros - before.cpuMicros };
  }

  #periodOf({ usage, readingMicros }: Began, ended: NodeUsage): IdlePeriod | null {
    const durationMillis = ended.atMillis - usage.atMillis;
    // The reading that ends it is a request of its own.
    const isAlone = ended.requests - usage.requests === 1;
    if (!isAlone || durationMillis < this.#shortestMillis) return null;
    return { durationMillis, cpuMicros: Math.max(0, ended.cpuMicros - usage.cpuMicros - readingMicros) };
  }
}

/** Ends the idle time before a pair is measured, and records it; null as `end` says. */
export async function recordIdle(
  lab: Pick<Lab, 'record'>,
  idle: IdleWatch,
  { node, reference, contestant: { name } }: Pair,
  { round, process }: Pick<PairOrder, 'round' | 'process'>,
): Promise<Periods | null> {
  const periods = await idle.end(name, { node, reference });
  if (periods === null) return null;
  const which = { contestant: name, round, ...(process > 1 && { process }) };
  lab.record({ type: 'BackgroundMeasured', ...which, ...periods });
  return periods;
}

export type Periods = Pick<BackgroundMeasured, 'contestantIdle' | 'referenceIdle'>;
