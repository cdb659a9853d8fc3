/** What a follower tells about itself, to health checks and to the operator's log. */

import type { Partition, Position } from '../../eventlog/port.ts';
import type { ErrorCode } from '../../kernel/errors.ts';
import type { PartitionPhase, RebuildCause } from './followed-partition.ts';

export interface FollowerStatus {
  readonly ready: boolean;
  /** Revocations held in memory. */
  readonly revocations: number;
  readonly partitions: readonly PartitionStatus[];
}

export interface PartitionStatus {
  readonly partition: Partition;
  readonly phase: PartitionPhase;
  readonly fresh: boolean;
  /** How long ago the newest counting beat was sent; null before the first. */
  readonly ageMillis: number | null;
  /** The last applied event; null while closed. */
  readonly position: Position | null;
}

/** A way in which the follower reaches the log; each fails and recovers by itself. */
export type ContactPart = 'beats' | 'tail' | 'rebuild';

/** Told once when something begins and once when it ends, not at every attempt. */
export type FollowerDiagnostic =
  | { readonly type: 'rebuild-started'; readonly partition: Partition; readonly cause: RebuildCause }
  /** `before` is where the partition stood; a `position` with a lower number means that the log has lost events. */
  | {
      readonly type: 'rebuilt';
      readonly partition: Partition;
      readonly before: Position | null;
      readonly position: Position;
    }
  /** The partition stays closed until a version that understands the event is started. */
  | { readonly type: 'poisoned'; readonly partition: Partition; readonly entryId: string; readonly eventType: string }
  | { readonly type: 'contact-lost'; readonly part: ContactPart; readonly code: ErrorCode | 'unexpected' }
  | { readonly type: 'contact-regained'; readonly part: ContactPart };
