/**
 * The account's state as the log keeps it beside the events, so that deciding needs one read and no replay. Of all that is
 * kept of a session it is the largest, so it is written by position, without the names.
 */

import { account } from '../../domain/account.ts';
import type { AccountState, RefreshFamily, SessionState } from '../../domain/account-state.ts';
import type { CredentialRecord, RevocationChannel } from '../../domain/events.ts';
import type { UserRecord } from '../../eventlog/port.ts';
import { AuthlabError } from '../../kernel/errors.ts';

type Roles = readonly string[];
/** Null stands for what is absent. */
type WrittenState = readonly [
  sessions: readonly WrittenSession[],
  ended: AccountState['ended'],
  epoch: number,
  isDisabled: 0 | 1,
  roles: Roles | null,
];
type WrittenSession = readonly [
  sid: string,
  strategy: string,
  roles: Roles,
  revocation: RevocationChannel,
  startedAtMillis: number,
  expiresAtMillis: number,
  acceptableUntilMillis: number | null,
  records: readonly WrittenRecord[],
  family: WrittenFamily | null,
];
type WrittenRecord = readonly [digest: string, expiresAtMillis: number, inactivityMillis: number | null];
type WrittenFamily = readonly [
  digest: string,
  expiresAtMillis: number,
  parentDigest: string | null,
  replacedAtMillis: number | null,
];

export function writeUserState({ sessions, ended, epoch, disabled, roles }: AccountState): string {
  const written: WrittenState = [
    Object.entries(sessions).map(([sid, session]) => writtenSession(sid, session)),
    ended,
    epoch,
    disabled ? 1 : 0,
    roles ?? null,
  ];
  return JSON.stringify(written);
}

/** Throws ERR_LOG_CORRUPT when the record is not what `writeUserState` wrote. */
export function readUserState(record: UserRecord): AccountState {
  if (record.state === null) return account.initial;
  let state: unknown;
  try {
    state = JSON.parse(record.state);
  } catch (error) {
    throw new AuthlabError('ERR_LOG_CORRUPT', 'A user record in the log is not JSON.', { cause: error });
  }
  if (isWrittenState(state)) return readState(state);
  throw new AuthlabError('ERR_LOG_CORRUPT', 'A user record in the log has another shape than this version writes.');
}

function writtenSession(sid: string, session: SessionState): WrittenSession {
  const { strategy, roles, revocation, startedAtMillis, expiresAtMillis, acceptableUntilMillis = null } = session;
  const records = session.records.map(
    ({ digest, expiresAtMillis: endsAtMillis, inactivityMillis = null }): WrittenRecord => [
      digest,
      endsAtMillis,
      inactivityMillis,
    ],
  );
  const family = session.family === undefined ? null : writtenFamily(session.family);
  return [
    ...([sid, strategy, roles, revocation] as const),
    ...([startedAtMillis, expiresAtMillis, acceptableUntilMillis, records, family] as const),
  ];
}

function writtenFamily({ current, parent }: RefreshFamily): WrittenFamily {
  return [current.digest, current.expiresAtMillis, parent?.digest ?? null, parent?.replacedAtMillis ?? null];
}

/** As deep as a text of another version could differ unnoticed: the lists, and what stands in them first. */
function isWrittenState(value: unknown): value is WrittenState {
  if (!Array.isArray(value) || value.length !== 5) return false;
  const [sessions, ended, epoch, isDisabled] = value as readonly unknown[];
  return (
    Array.isArray(sessions) &&
    sessions.every((session) => Array.isArray(session) && session.length === 9 && Array.isArray(session[7])) &&
    typeof ended === 'object' &&
    ended !== null &&
    typeof epoch === 'number' &&
    (isDisabled === 0 || isDisabled === 1)
  );
}

function readState([sessions, ended, epoch, isDisabled, roles]: WrittenState): AccountState {
  return {
    sessions: Object.fromEntries(sessions.map((session) => [session[0], readSession(session)])),
    ended,
    epoch,
    disabled: isDisabled === 1,
    ...(roles === null ? {} : { roles }),
  };
}

function readSession(written: WrittenSession): SessionState {
  const [, strategy, roles, revocation, startedAtMillis, expiresAtMillis, acceptableUntilMillis, records, family] =
    written;
  return {
    ...{ strategy, roles, revocation, startedAtMillis, expiresAtMillis },
    ...(acceptableUntilMillis === null ? {} : { acceptableUntilMillis }),
    records: records.map(readRecord),
    ...(family === null ? {} : { family: readFamily(family) }),
  };
}

function readRecord([digest, expiresAtMillis, inactivityMillis]: WrittenRecord): CredentialRecord {
  return { digest, expiresAtMillis, ...(inactivityMillis === null ? {} : { inactivityMillis }) };
}

function readFamily([digest, expiresAtMillis, parentDigest, replacedAtMillis]: WrittenFamily): RefreshFamily {
  const current = { digest, expiresAtMillis };
  if (parentDigest === null || replacedAtMillis === null) return { current };
  return { current, parent: { digest: parentDigest, replacedAtMillis } };
}
