/** What the next read of the tail is to ask for, of the partitions that are followed at this moment. */

import type { Partition } from '../../eventlog/port.ts';
import type { FollowedPartition } from './followed-partition.ts';

export interface TailPlan {
  /** Where each goes on. */
  readonly after: ReadonlyMap<Partition, string>;
  /** In which of its lives each was asked for. */
  readonly lives: ReadonlyMap<Partition, number>;
  readonly waitMillis: number;
}

/**
 * A read that is under way does not hear of a partition that is rebuilt meanwhile: until all are followed, reads are so
 * short. With long ones a node that has just become ready learns of its first revocations a beat interval late.
 */
const rebuildingReadMillis = 10;

export function planTail(all: Iterable<FollowedPartition>, longestWaitMillis: number): TailPlan {
  const lives = new Map<Partition, number>();
  const after = new Map<Partition, string>();
  let waitMillis = longestWaitMillis;
  for (const { partition, life, resumeId, phase } of all) {
    if (phase === 'rebuilding') waitMillis = Math.min(longestWaitMillis, rebuildingReadMillis);
    if (resumeId === null) continue;
    lives.set(partition, life);
    after.set(partition, resumeId);
  }
  return { after, lives, waitMillis };
}
