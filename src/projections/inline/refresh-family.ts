/** Inline projection: from a refresh token's session id to the user whose stream decides about it. */

import type { AccountState } from '../../domain/account-state.ts';
import { type AccountEvent, sessionsEndedBy } from '../../domain/events.ts';
import { partitionOf } from '../../domain/session-id.ts';
import type { Effect, EventLog } from '../../eventlog/port.ts';
import { AuthlabError } from '../../kernel/errors.ts';

export interface FamilyOwner {
  readonly sub: string;
  readonly strategy: string;
}

export function refreshFamilyEffects(event: AccountEvent, before: AccountState): Effect[] {
  if (event.type === 'SessionStarted' && event.refresh !== undefined) {
    const owner = [event.sub, event.strategy];
    const record = { kind: 'family', id: event.sid } as const;
    return [{ type: 'put', record, value: JSON.stringify(owner), expiresAtMillis: event.expiresAtMillis }];
  }
  return sessionsEndedBy(event)
    .filter(({ sid }) => before.sessions[sid]?.family !== undefined)
    .map(({ sid }) => ({ type: 'remove', record: { kind: 'family', id: sid } }));
}

/** Whose family a session id names; null when it is unknown, expired or dead. One round trip. Throws ERR_LOG_UNAVAILABLE. */
export async function readFamily(log: EventLog, sid: string): Promise<FamilyOwner | null> {
  const value = await log.readRecord(partitionOf(sid), { kind: 'family', id: sid });
  if (value === null) return null;
  let owner: unknown;
  try {
    owner = JSON.parse(value);
  } catch (error) {
    throw new AuthlabError('ERR_LOG_CORRUPT', 'A refresh family record in the log is not JSON.', { cause: error });
  }
  const [sub, strategy]: readonly unknown[] = Array.isArray(owner) ? owner : [];
  if (typeof sub === 'string' && typeof strategy === 'string') return { sub, strategy };
  throw new AuthlabError('ERR_LOG_CORRUPT', 'A refresh family record has another shape than this version writes.');
}
