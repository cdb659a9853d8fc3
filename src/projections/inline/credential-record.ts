/** Inline projection: one record in Redis for every opaque credential that lives. Found by digest, gone on termination. */

import type { AccountState } from '../../domain/account.ts';
import type { AccountEvent, CredentialRecord } from '../../domain/events.ts';
import { partitionOf } from '../../domain/session-id.ts';
import type { Effect, EventLog } from '../../eventlog/port.ts';
import { sha256 } from '../../kernel/digest.ts';
import { AuthlabError } from '../../kernel/errors.ts';

/** What an opaque credential stands for. */
export interface CredentialFacts {
  readonly sub: string;
  readonly sid: string;
  readonly strategy: string;
  readonly roles: readonly string[];
  readonly expiresAtMillis: number;
}

export function credentialRecordEffects(event: AccountEvent, before: AccountState, after: AccountState): Effect[] {
  const had = before.sessions[event.sid]?.records ?? [];
  const session = after.sessions[event.sid];
  const has = session?.records ?? [];
  const gone = had.filter((record) => !has.some((kept) => kept.digest === record.digest));
  const added = has.filter((record) => !had.some((known) => known.digest === record.digest));
  return [
    ...gone.map((record): Effect => ({ type: 'remove', record: { kind: 'session', id: record.digest } })),
    ...added.map((record): Effect => put(record, event, session?.strategy ?? '', session?.roles ?? [])),
  ];
}

function put(record: CredentialRecord, event: AccountEvent, strategy: string, roles: readonly string[]): Effect {
  const facts: CredentialFacts = {
    sub: event.sub,
    sid: event.sid,
    strategy,
    roles,
    expiresAtMillis: record.expiresAtMillis,
  };
  return {
    type: 'put',
    record: { kind: 'session', id: record.digest },
    value: JSON.stringify(facts),
    expiresAtMillis: record.expiresAtMillis,
  };
}

/**
 * Looks up a handle whose shape has been checked (`isHandle`). One round trip, one GET. Null: unknown, expired or
 * ended. Throws ERR_LOG_UNAVAILABLE, ERR_LOG_CORRUPT.
 */
export async function readCredentialRecord(log: EventLog, handle: string): Promise<CredentialFacts | null> {
  const value = await log.readRecord(partitionOf(handle), { kind: 'session', id: sha256(handle) });
  if (value === null) return null;
  try {
    return JSON.parse(value) as CredentialFacts;
  } catch (error) {
    throw new AuthlabError('ERR_LOG_CORRUPT', 'A credential record in the log is not JSON.', { cause: error });
  }
}
