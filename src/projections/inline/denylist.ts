/** Inline projection: an entry for every session that ended before its tokens did, for as long as one can be accepted. */

import type { AccountEvent } from '../../domain/events.ts';
import { partitionOf } from '../../domain/session-id.ts';
import type { Effect, EventLog } from '../../eventlog/port.ts';

export function denylistEffects(event: AccountEvent): Effect[] {
  if (event.type !== 'SessionTerminated' || event.revocation !== 'denylist') return [];
  return [
    {
      type: 'put',
      record: { kind: 'denied', id: event.sid },
      value: event.reason,
      expiresAtMillis: event.acceptableUntilMillis,
    },
  ];
}

/** Whether a session was ended. One round trip, one GET. Throws ERR_LOG_UNAVAILABLE. */
export async function isDenied(log: EventLog, sid: string): Promise<boolean> {
  return (await log.readRecord(partitionOf(sid), { kind: 'denied', id: sid })) !== null;
}
