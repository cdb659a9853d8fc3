/** Followed projection of users' partitions: the revocations in their events, kept in the node's memory. Only ever adds. */

import { type AccountEvent, type EndedSession, isEventType, type RevocationChannel } from '../../domain/events.ts';
import type { EventLog, LogEntry, Partition, Position } from '../../eventlog/port.ts';
import type { PartitionProjection } from './partition-projection.ts';
import type { RevocationSet } from './revocation-set.ts';
import { revocationsOf } from './revocations-of.ts';

export class FollowedRevocations implements PartitionProjection {
  readonly #log: EventLog;
  readonly #revocations: RevocationSet;

  constructor(log: EventLog, revocations: RevocationSet) {
    this.#log = log;
    this.#revocations = revocations;
  }

  /** All that the index still holds: a clock that is ahead must not leave out what is not expired. */
  async rebuild(partition: Partition): Promise<Position> {
    const snapshot = await this.#log.readRevocations(partition, 0);
    for await (const page of snapshot.entries) for (const entry of page) this.#revocations.add(entry);
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
function understood(event: LogEntry['event']): AccountEvent | null {
  if (!isEventType(event.type)) return null;
  const known = event as AccountEvent;
  if (known.type === 'SessionTerminated') return isWhole(known) ? known : null;
  if (known.type !== 'AllSessionsTerminated') return known;
  return Array.isArray(known.sessions) && known.sessions.every(isWhole) ? known : null;
}

const channels: ReadonlySet<unknown> = new Set<RevocationChannel>(['record', 'denylist', 'epoch', 'followed', 'none']);

function isWhole(ended: EndedSession | null): boolean {
  return (
    typeof ended?.sid === 'string' && Number.isFinite(ended.acceptableUntilMillis) && channels.has(ended.revocation)
  );
}
