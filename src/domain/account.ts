/** The rules of one user's account: which sessions live, how refresh tokens rotate, what ends them. Pure. */

import type { Decider, Decision } from '../kernel/decider.ts';
import type { AccountCommand, RefreshSession, StartSession, TerminateSession } from './commands.ts';
import type {
  AccountEvent,
  CredentialRecord,
  RefreshTokenRecord,
  RevocationChannel,
  SessionStarted,
} from './events.ts';

export interface AccountState {
  readonly sessions: Readonly<Record<string, SessionState>>;
  /**
   * Tombstones: sessions that ended while their tokens were still good, with the moment from which no node accepts
   * one. They make a second logout a success without an event.
   */
  readonly ended: Readonly<Record<string, number>>;
}

export interface SessionState {
  readonly strategy: string;
  readonly roles: readonly string[];
  readonly revocation: RevocationChannel;
  readonly startedAtMillis: number;
  readonly expiresAtMillis: number;
  readonly acceptableUntilMillis?: number;
  /** Live credential records, newest last: the one in use and, after a refresh, the one it replaced. */
  readonly records: readonly CredentialRecord[];
  readonly family?: RefreshFamily;
}

/** A token family (RFC 9700 4.14.2): one chain of refresh tokens of which at most one is current. */
export interface RefreshFamily {
  readonly current: RefreshTokenRecord;
  /** The token that `current` replaced; grandparents are not remembered, and so never graced. */
  readonly parent?: { readonly digest: string; readonly replacedAtMillis: number };
}

/**
 * What came of a command. `rotated`: the successor is current. `repeated`: an honest retry of the parent, the successor
 * stands as it was. `refused`: unknown, ended or expired. `reused`: a token that had been used before; the family is dead.
 */
export type AccountOutcome = 'started' | 'rotated' | 'repeated' | 'refused' | 'reused' | 'terminated' | 'already-ended';

type AccountDecision = Decision<AccountEvent, AccountOutcome>;

/** Records of one session that stay readable after a refresh: the new one and the one a late request may still carry. */
const recordsKept = 2;

function startSession(command: StartSession, state: AccountState): AccountDecision {
  if (state.sessions[command.sid] !== undefined) return { events: [], outcome: 'started' };
  return { events: [{ ...command, type: 'SessionStarted' }], outcome: 'started' };
}

function refreshSession(command: RefreshSession, state: AccountState): AccountDecision {
  const session = state.sessions[command.sid];
  const family = session?.family;
  if (session === undefined || family === undefined || session.strategy !== command.strategy) return refused;
  if (session.expiresAtMillis <= command.atMillis) return refused;
  if (command.presentedDigest === family.current.digest) {
    if (family.current.expiresAtMillis <= command.atMillis) return refused;
    return { events: [refreshed(command, session)], outcome: 'rotated' };
  }
  if (isHonestRetry(command, family)) return { events: [], outcome: 'repeated' };
  return {
    events: [
      { type: 'RefreshTokenReuseDetected', atMillis: command.atMillis, sub: command.sub, sid: command.sid },
      {
        type: 'SessionTerminated',
        atMillis: command.atMillis,
        sub: command.sub,
        sid: command.sid,
        reason: 'refresh-token-reuse',
        revocation: session.revocation,
        acceptableUntilMillis: Math.max(command.acceptableUntilMillis ?? 0, session.acceptableUntilMillis ?? 0),
      },
    ],
    outcome: 'reused',
  };
}

/** The immediate parent, soon after its rotation, and its successor (derived, hence comparable) still unused. */
function isHonestRetry(command: RefreshSession, family: RefreshFamily): boolean {
  return (
    family.parent !== undefined &&
    family.parent.digest === command.presentedDigest &&
    family.current.digest === command.successor.digest &&
    command.graceMillis > 0 &&
    command.atMillis - family.parent.replacedAtMillis <= command.graceMillis
  );
}

/** Rotation extends nothing beyond the session's absolute lifetime. */
function refreshed(command: RefreshSession, session: SessionState): AccountEvent {
  const { record, successor } = command;
  const end = session.expiresAtMillis;
  return {
    type: 'SessionRefreshed',
    atMillis: command.atMillis,
    sub: command.sub,
    sid: command.sid,
    refresh: { ...successor, expiresAtMillis: Math.min(successor.expiresAtMillis, end) },
    ...(session.acceptableUntilMillis === undefined || command.acceptableUntilMillis === undefined
      ? {}
      : { acceptableUntilMillis: command.acceptableUntilMillis }),
    ...(record === undefined ? {} : { record: { ...record, expiresAtMillis: Math.min(record.expiresAtMillis, end) } }),
  };
}

function terminateSession(command: TerminateSession, state: AccountState): AccountDecision {
  const session = state.sessions[command.sid];
  const revocation = session?.revocation ?? command.revocation;
  if (session === undefined) {
    if (state.ended[command.sid] !== undefined) return { events: [], outcome: 'already-ended' };
    // The log has never heard of it, or has forgotten it. Where tokens verify without the log, they must be revoked
    // all the same: a logout that says "done" for a token that still opens doors would be a lie.
    if (revocation === 'none' || revocation === 'record') return { events: [], outcome: 'already-ended' };
  }
  return {
    events: [
      {
        type: 'SessionTerminated',
        atMillis: command.atMillis,
        sub: command.sub,
        sid: command.sid,
        reason: command.reason,
        revocation,
        acceptableUntilMillis: Math.max(command.acceptableUntilMillis, session?.acceptableUntilMillis ?? 0),
      },
    ],
    outcome: 'terminated',
  };
}

const refused: AccountDecision = { events: [], outcome: 'refused' };

function decide(command: AccountCommand, state: AccountState): AccountDecision {
  switch (command.type) {
    case 'StartSession':
      return startSession(command, state);
    case 'RefreshSession':
      return refreshSession(command, state);
    case 'TerminateSession':
      return terminateSession(command, state);
  }
}

function evolve(state: AccountState, event: AccountEvent): AccountState {
  const sessions = { ...state.sessions };
  const ended = { ...state.ended };
  forgetPast(sessions, ended, event.atMillis);
  switch (event.type) {
    case 'SessionStarted':
      sessions[event.sid] = sessionStarted(event);
      break;
    case 'SessionRefreshed': {
      const session = sessions[event.sid];
      if (session?.family === undefined) break;
      sessions[event.sid] = {
        ...session,
        ...(event.acceptableUntilMillis === undefined ? {} : { acceptableUntilMillis: event.acceptableUntilMillis }),
        records: event.record === undefined ? session.records : [...session.records, event.record].slice(-recordsKept),
        family: {
          current: event.refresh,
          parent: { digest: session.family.current.digest, replacedAtMillis: event.atMillis },
        },
      };
      break;
    }
    case 'RefreshTokenReuseDetected':
      break;
    case 'SessionTerminated':
      delete sessions[event.sid];
      if (event.revocation === 'denylist' || event.revocation === 'followed') {
        ended[event.sid] = event.acceptableUntilMillis;
      }
      break;
  }
  return { sessions, ended };
}

function sessionStarted(event: SessionStarted): SessionState {
  return {
    strategy: event.strategy,
    roles: event.roles,
    revocation: event.revocation,
    startedAtMillis: event.atMillis,
    expiresAtMillis: event.expiresAtMillis,
    ...(event.acceptableUntilMillis === undefined ? {} : { acceptableUntilMillis: event.acceptableUntilMillis }),
    records: event.record === undefined ? [] : [event.record],
    ...(event.refresh === undefined ? {} : { family: { current: event.refresh } }),
  };
}

/** Keeps the state as small as what still matters. An expired session's last tokens are covered by `acceptableUntil`. */
function forgetPast(sessions: Record<string, SessionState>, ended: Record<string, number>, nowMillis: number): void {
  for (const [sid, session] of Object.entries(sessions)) {
    if (Math.max(session.expiresAtMillis, session.acceptableUntilMillis ?? 0) <= nowMillis) delete sessions[sid];
  }
  for (const [sid, untilMillis] of Object.entries(ended)) {
    if (untilMillis <= nowMillis) delete ended[sid];
  }
}

export const account: Decider<AccountCommand, AccountEvent, AccountState, AccountOutcome> = {
  initial: { sessions: {}, ended: {} },
  decide,
  evolve,
};
