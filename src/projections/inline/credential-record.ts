/** Inline projection: one record in Redis for every opaque credential that lives. Found by digest, gone on termination. */

import type { AccountState, SessionState } from '../../domain/account-state.ts';
import type { AccountEvent, CredentialRecord } from '../../domain/events.ts';
import { partitionOf } from '../../domain/session-id.ts';
import type { Effect, EventLog, RecordName } from '../../eventlog/port.ts';
import { sha256 } from '../../kernel/digest.ts';
import { AuthlabError } from '../../kernel/errors.ts';

/** What an opaque credential stands for. */
export interface CredentialFacts {
  readonly sub: string;
  readonly sid: string;
  readonly strategy: string;
  readonly roles: readonly string[];
  readonly expiresAtMillis: number;
  /** The absolute end; present exactly where use moves `expiresAtMillis` towards it. */
  readonly endsAtMillis?: number;
}

/** A record as it was read: only who knows its very text may renew it. */
export interface StoredCredential {
  readonly facts: CredentialFacts;
  readonly value: string;
}

/** Of the log, or of a cache before it. */
export type ReadRecord = (partition: number, record: RecordName) => string | null | Promise<string | null>;

export function credentialRecordEffects(event: AccountEvent, before: AccountState, after: AccountState): Effect[] {
  const sids = new Set([...Object.keys(before.sessions), ...Object.keys(after.sessions)]);
  return [...sids].flatMap((sid) => {
    const [had, has] = [before.sessions[sid], after.sessions[sid]];
    return had === has ? [] : recordEffects(event, sid, had, has);
  });
}

/** Roles stand in the record: other roles, and each record that still is there is written anew. */
function recordEffects(
  event: AccountEvent,
  sid: string,
  had: SessionState | undefined,
  has: SessionState | undefined,
): Effect[] {
  const [before, after] = [had?.records ?? [], has?.records ?? []];
  const effects: Effect[] = [];
  for (const record of before) {
    if (!after.some(({ digest }) => digest === record.digest)) effects.push({ type: 'remove', record: nameOf(record) });
  }
  for (const record of after) {
    if (has === undefined) continue;
    const isNew = !before.some(({ digest }) => digest === record.digest);
    if (isNew) effects.push(write('put', record, record.expiresAtMillis, event.sub, sid, has));
    else if (had?.roles !== has.roles) {
      effects.push(write('replace', record, expiryAfter(event, record, has), event.sub, sid, has));
    }
  }
  return effects;
}

/** The log does not know when a session was last used, so a change of its record counts as use. */
function expiryAfter({ atMillis }: AccountEvent, record: CredentialRecord, session: SessionState): number {
  const { inactivityMillis, expiresAtMillis } = record;
  return inactivityMillis === undefined
    ? expiresAtMillis
    : Math.min(atMillis + inactivityMillis, session.expiresAtMillis);
}

function write(
  type: 'put' | 'replace',
  record: CredentialRecord,
  expiresAtMillis: number,
  sub: string,
  sid: string,
  { strategy, roles, expiresAtMillis: endsAtMillis }: SessionState,
): Effect {
  const slides = record.inactivityMillis !== undefined;
  const facts: CredentialFacts = { sub, sid, strategy, roles, expiresAtMillis, ...(slides ? { endsAtMillis } : {}) };
  return { type, record: nameOf(record), value: written(facts), expiresAtMillis };
}

function nameOf({ digest }: { readonly digest: string }): RecordName {
  return { kind: 'session', id: digest };
}

/**
 * Looks up a handle whose shape has been checked (`isHandle`). One look-up by `read`. Null: unknown, expired or ended.
 * Throws ERR_LOG_UNAVAILABLE, ERR_LOG_CORRUPT.
 */
export async function readCredentialRecord(read: ReadRecord, handle: string): Promise<StoredCredential | null> {
  const value = await read(partitionOf(handle), nameOf({ digest: sha256(handle) }));
  if (value === null) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch (error) {
    throw new AuthlabError('ERR_LOG_CORRUPT', 'A credential record in the log is not JSON.', { cause: error });
  }
  if (!isWritten(parsed)) {
    throw new AuthlabError('ERR_LOG_CORRUPT', 'A credential record has another shape than this version writes.');
  }
  const [sub, sid, strategy, roles, expiresAtMillis, endsAtMillis] = parsed;
  const slides = endsAtMillis !== undefined;
  return { facts: { sub, sid, strategy, roles, expiresAtMillis, ...(slides && { endsAtMillis }) }, value };
}

/** By position, without the names: it crosses the network on every request. */
type WrittenFacts = readonly [
  sub: string,
  sid: string,
  strategy: string,
  roles: readonly string[],
  expiresAtMillis: number,
  endsAtMillis?: number,
];

function written({ sub, sid, strategy, roles, expiresAtMillis, endsAtMillis }: CredentialFacts): string {
  const facts: WrittenFacts = [
    ...([sub, sid, strategy, roles, expiresAtMillis] as const),
    ...(endsAtMillis === undefined ? ([] as const) : ([endsAtMillis] as const)),
  ];
  return JSON.stringify(facts);
}

function isWritten(value: unknown): value is WrittenFacts {
  return Array.isArray(value) && Array.isArray(value[3]) && typeof value[4] === 'number';
}

/**
 * Moves the end of a record. False, and nothing is written, when it was ended or changed since it was read. One round
 * trip. Throws as `replaceRecord` does.
 */
export function renewCredentialRecord(
  log: EventLog,
  handle: string,
  { facts, value: was }: StoredCredential,
  expiresAtMillis: number,
): Promise<boolean> {
  const renewed: CredentialFacts = { ...facts, expiresAtMillis };
  const replacement = { was, value: written(renewed), expiresAtMillis };
  return log.replaceRecord(partitionOf(handle), nameOf({ digest: sha256(handle) }), replacement);
}
