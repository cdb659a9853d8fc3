/** Inline projection: an entry for every session that ended before its tokens did, for as long as one can be accepted. */

import { type AccountEvent, sessionsEndedBy } from '../../domain/events.ts';
import { partitionOf } from '../../domain/session-id.ts';
import type { Birth, Effect, EventLog } from '../../eventlog/port.ts';

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

/**
 * Whether a session was ended, or began in another log than the one that is asked: an emptied log has forgotten what it
 * denied, so nothing that was issued before it counts. One round trip, one MGET. Throws ERR_LOG_UNAVAILABLE.
 */
export async function isDenied(log: EventLog, sid: string, begunIn: Birth | undefined): Promise<boolean> {
  const { value, birth } = await log.readPlacedRecord(partitionOf(sid), { kind: 'denied', id: sid });
  return value !== null || birth === null || birth !== begunIn;
}
