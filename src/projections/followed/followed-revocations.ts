/** Followed projection of users' partitions: the revocations in their events, kept in the node's memory. Only ever adds. */

import {
  type AccountEvent,
  type EndedSession,
  isEventType,
  type RevocationChannel,
  type RevocationsRestored,
} from '../../domain/events.ts';
import type { LogEntry, Partition, Position } from '../../eventlog/port.ts';
import type { PartitionProjection } from './partition-projection.ts';
import { type RestoreContext, restoreRevocations } from './restore-revocations.ts';
import type { RevocationSet } from './revocation-set.ts';
import { revocationsOf } from './revocations-of.ts';

/** Pages of known revocations that are looked through before others get their turn: a few milliseconds. */
const pagesAtAStretch = 8;

export class FollowedRevocations implements PartitionProjection {
  readonly #context: RestoreContext;
  readonly #revocations: RevocationSet;

  constructor(context: RestoreContext, revocations: RevocationSet) {
    this.#context = context;
    this.#revocations = revocations;
  }

  /**
   * Takes in all that the index still holds (a clock that is ahead must not leave out what is not expired), and gives
   * back to the log what it has lost: before this node answers again, so that whoever starts later learns of it, too.
   */
  async rebuild(partition: Partition): Promise<Position> {
    const snapshot = await this.#context.log.readRevocations(partition, 0);
    const census = this.#revocations.census(partition);
    for await (const page of snapshot.entries) for (const entry of page) census.confirm(entry);
    let pages = 0;
    for (const page of census.unconfirmed()) {
      await restoreRevocations(this.#context, partition, page);
      pages += 1;
      if (pages % pagesAtAStretch === 0) await new Promise((resume) => setImmediate(resume));
    }
    return snapshot.from;
  }

  /** To know too many is safe, so revocations are taken in whatever their position says. */
  learn(entry: LogEntry): boolean {
    const event = understood(entry.event);
    if (event === null) return false;
    for (const revocation of revocationsOf(event)) this.#revocations.add(revocation);
    return true;
  }

  apply(): boolean {
    return true;
  }
}

/** The event when this version knows its type and can tell what it revokes, else null. */
function understood(event: LogEntry['event']): AccountEvent | RevocationsRestored | null {
  if (!isEventType(event.type)) return null;
  const known = event as AccountEvent | RevocationsRestored;
  if (known.type === 'SessionTerminated') return isWhole(known) ? known : null;
  if (known.type !== 'AllSessionsTerminated' && known.type !== 'RevocationsRestored') return known;
  return Array.isArray(known.sessions) && known.sessions.every(isWhole) ? known : null;
}

const channels: ReadonlySet<unknown> = new Set<RevocationChannel>([
  'record',
  'denylist',
  'epoch',
  'followed',
  'followed-strict',
  'none',
]);

function isWhole(ended: EndedSession | null): boolean {
  return (
    typeof ended?.sid === 'string' && Number.isFinite(ended.acceptableUntilMillis) && channels.has(ended.revocation)
  );
}
