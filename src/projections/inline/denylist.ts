/** Inline projection: an entry for every session that ended before its tokens did, for as long as one can be accepted. */

import { type AccountEvent, sessionsEndedBy } from '../../domain/events.ts';
import { partitionOf } from '../../domain/session-id.ts';
import type { Effect, EventLog } from '../../eventlog/port.ts';

export function denylistEffects(event: AccountEvent): Effect[] {
  return sessionsEndedBy(event)
    .filter(({ revocation }) => revocation === 'denylist')
    .map(({ sid, acceptableUntilMillis }) => ({
      type: 'put',
      record: { kind: 'denied', id: sid },
      value: event.type === 'SessionTerminated' || event.type === 'AllSessionsTerminated' ? event.reason : '',
      expiresAtMillis: acceptableUntilMillis,
    }));
}

/** Whether a session was ended. One round trip, one GET. Throws ERR_LOG_UNAVAILABLE. */
export async function isDenied(log: EventLog, sid: string): Promise<boolean> {
  return (await log.readRecord(partitionOf(sid), { kind: 'denied', id: sid })) !== null;
}
