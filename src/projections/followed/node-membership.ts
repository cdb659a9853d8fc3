/** Tells the log how far this node has come, for those who revoke strictly and wait for it. */

import type { EventLog, Membership, Partition } from '../../eventlog/port.ts';
import type { RandomBytes } from '../../kernel/random.ts';
import type { FollowedPartition } from './followed-partition.ts';

/**
 * 128 bits, for one start of one process. A name that a restart kept would let the new process answer for the old one,
 * which may only have been paused and still knows less.
 */
export function newNodeId(random: RandomBytes): string {
  return random(16).toString('base64url');
}

/** Where no strategy waits for nodes it has no id, and tells nothing. The realm's partition is never waited for. */
export class NodeMembership {
  readonly #log: EventLog;
  readonly #nodeId: string | null;
  /** Partitions with a report on its way, and whether the node has got further since. */
  readonly #reporting = new Map<Partition, boolean>();
  #left = false;

  constructor(log: EventLog, nodeId: string | null) {
    this.#log = log;
    this.#nodeId = nodeId;
  }

  /** To go with a beat. */
  in({ partition, freshness }: FollowedPartition): Membership | undefined {
    if (this.#nodeId === null || partition === 'realm' || this.#left) return undefined;
    return { nodeId: this.#nodeId, applied: freshness.position };
  }

  /** Events have been applied: says so at once. One report a partition is on its way at any time. */
  applied(followed: FollowedPartition): void {
    const membership = this.in(followed);
    if (membership === undefined) return;
    const { partition } = followed;
    const isReporting = this.#reporting.has(partition);
    this.#reporting.set(partition, isReporting);
    if (isReporting) return;
    const reported = (): void => {
      const hasMore = this.#reporting.get(partition) === true;
      this.#reporting.delete(partition);
      if (hasMore) this.applied(followed);
    };
    // A report that fails only makes somebody wait: the next beat says the same.
    this.#log.report(partition, membership).then(reported, reported);
  }

  /** Whoever revokes need not wait for a node that answers nothing any more. Never rejects. */
  async leave(partitions: Iterable<Partition>): Promise<void> {
    if (this.#nodeId === null || this.#left) return;
    this.#left = true;
    await Promise.allSettled([...partitions].map((partition) => this.#leave(partition)));
  }

  async #leave(partition: Partition): Promise<void> {
    if (partition === 'realm') return;
    const own = (await this.#log.readMembers(partition)).find(({ nodeId }) => nodeId === this.#nodeId);
    if (own !== undefined) await this.#log.removeMember(partition, own);
  }
}
