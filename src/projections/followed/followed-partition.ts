/** One partition as a node follows it: applies what comes next, and notices when it is not what should come next. */

import { birthOf } from '../../eventlog/epoch.ts';
import type { Birth, LogEntry, Partition, Position } from '../../eventlog/port.ts';
import { type FreshnessOptions, PartitionFreshness } from './freshness.ts';
import type { PartitionProjection } from './partition-projection.ts';

/**
 * - `rebuilding`: closed until what the log keeps beside the events has been read; so it starts, too.
 * - `following`: the tail continues right after the last applied event.
 * - `poisoned`: closed for good, because the log holds an event that this version cannot understand.
 */
export type PartitionPhase = 'rebuilding' | 'following' | 'poisoned';

/** Why a partition has to be rebuilt. */
export type RebuildCause = 'start' | 'gap' | 'new-epoch' | 'went-backwards';

/** What became of an entry; one of an `earlier-life` had been asked for before the last rebuild. */
export type EntryOutcome = 'applied' | 'earlier-life' | 'gap' | 'new-epoch' | 'poisoned';

export class FollowedPartition {
  readonly partition: Partition;
  readonly freshness: PartitionFreshness;
  readonly projection: PartitionProjection;
  #phase: PartitionPhase = 'rebuilding';
  /** Counts rebuilds: what was asked for in one life must not move the position in the next. */
  #life = 0;
  #birth: Birth | null = null;

  constructor(partition: Partition, projection: PartitionProjection, options: FreshnessOptions) {
    this.partition = partition;
    this.projection = projection;
    this.freshness = new PartitionFreshness(options);
  }

  get phase(): PartitionPhase {
    return this.#phase;
  }

  get life(): number {
    return this.#life;
  }

  /** Where the tail goes on, or null while it is not followed. */
  get resumeId(): string | null {
    return this.#phase === 'following' ? (this.freshness.position?.id ?? null) : null;
  }

  /** Of the log that is followed; null while none is. */
  get birth(): Birth | null {
    return this.#birth;
  }

  /** Follows from a position up to which everything is known. */
  follow(from: Position): void {
    this.#phase = 'following';
    this.#life += 1;
    this.#birth = birthOf(from.epoch);
    this.freshness.open(from);
  }

  /** Answers nothing until it has been rebuilt. */
  closeForRebuild(): void {
    this.#phase = 'rebuilding';
    this.#life += 1;
    this.#birth = null;
    this.freshness.close();
  }

  /** Answers nothing any more. */
  poison(): void {
    this.#phase = 'poisoned';
    this.#life += 1;
    this.#birth = null;
    this.freshness.close();
  }

  /** Takes an entry that the tail delivered for `life`. The position moves only from one event to the very next. */
  take(entry: LogEntry, life: number): EntryOutcome {
    if (!this.projection.learn(entry)) return 'poisoned';
    const last = this.freshness.position;
    if (last === null || life !== this.#life) return 'earlier-life';
    const next = entry.position;
    if (next.epoch !== last.epoch) return 'new-epoch';
    if (next.number !== last.number + 1 || entry.predecessor !== last.id) return 'gap';
    if (!this.projection.apply(entry)) return 'poisoned';
    this.freshness.applied(next);
    return 'applied';
  }
}
