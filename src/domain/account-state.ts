/** What one user's events amount to: the sessions that live, what is remembered of those that ended, and the counter. */

import type {
  AccountEvent,
  CredentialRecord,
  RefreshTokenRecord,
  RevocationChannel,
  SessionRefreshed,
  SessionStarted,
} from './events.ts';
import { outlivesSession, sessionsEndedBy } from './events.ts';

export interface AccountState {
  readonly sessions: Readonly<Record<string, SessionState>>;
  /**
   * Tombstones: sessions that ended while their tokens were still good, with the moment from which no node accepts
   * one. They make a second logout a success without an event.
   */
  readonly ended: Readonly<Record<string, number>>;
  /** Goes up whenever everything that was issued before is over; never down, whatever the clocks do. */
  readonly epoch: number;
  readonly disabled: boolean;
  /** Set by an administrator; absent: what the user directory says. */
  readonly roles?: readonly string[];
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

export const newAccount: AccountState = { sessions: {}, ended: {}, epoch: 0, disabled: false };

/**
 * The counter's next value: the time, or one more where a clock is behind. Counting by one would come to the same value
 * again when a crash has taken the last events away, while tokens that carry it are still about.
 */
export function nextEpoch({ epoch }: AccountState, atMillis: number): number {
  return Math.max(epoch + 1, atMillis);
}

/** Records of one session that stay readable after a refresh: the new one and the one a late request may still carry. */
const recordsKept = 2;

/** The state after an event. Total: it accepts every event that was ever written, in the order it was written. */
export function evolveAccount(before: AccountState, event: AccountEvent): AccountState {
  const state = forgetPast(before, event.atMillis);
  switch (event.type) {
    case 'SessionStarted':
      return { ...state, sessions: { ...state.sessions, [event.sid]: sessionStarted(event) } };
    case 'SessionRefreshed': {
      const session = state.sessions[event.sid];
      if (session?.family === undefined) return state;
      return { ...state, sessions: { ...state.sessions, [event.sid]: refreshed(session, session.family, event) } };
    }
    case 'SessionTerminated':
    case 'AllSessionsTerminated':
      return withoutEnded(state, event);
    case 'UserDisabled':
      return { ...state, disabled: true };
    case 'UserEnabled':
      return { ...state, disabled: false };
    case 'UserRolesChanged': {
      const { roles, epoch } = event;
      const sessions = Object.entries(state.sessions).map(([sid, session]) => [sid, { ...session, roles }] as const);
      return { ...state, sessions: Object.fromEntries(sessions), roles, epoch };
    }
    case 'RefreshTokenReuseDetected':
    case 'PasswordChanged':
      return state;
  }
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

function refreshed(session: SessionState, family: RefreshFamily, event: SessionRefreshed): SessionState {
  return {
    ...session,
    ...(event.acceptableUntilMillis === undefined ? {} : { acceptableUntilMillis: event.acceptableUntilMillis }),
    records: event.record === undefined ? session.records : [...session.records, event.record].slice(-recordsKept),
    family: {
      current: event.refresh,
      parent: { digest: family.current.digest, replacedAtMillis: event.atMillis },
    },
  };
}

function withoutEnded(state: AccountState, event: AccountEvent): AccountState {
  const sessions = { ...state.sessions };
  const ended = { ...state.ended };
  for (const { sid, revocation, acceptableUntilMillis } of sessionsEndedBy(event)) {
    delete sessions[sid];
    if (outlivesSession(revocation)) ended[sid] = acceptableUntilMillis;
  }
  const epoch = 'epoch' in event && event.epoch !== undefined ? event.epoch : state.epoch;
  return { ...state, sessions, ended, epoch };
}

/** Keeps the state as small as what still matters. An expired session's last tokens are covered by `acceptableUntil`. */
function forgetPast(state: AccountState, nowMillis: number): AccountState {
  const sessions = Object.entries(state.sessions).filter(
    ([, session]) => Math.max(session.expiresAtMillis, session.acceptableUntilMillis ?? 0) > nowMillis,
  );
  const ended = Object.entries(state.ended).filter(([, untilMillis]) => untilMillis > nowMillis);
  return { ...state, sessions: Object.fromEntries(sessions), ended: Object.fromEntries(ended) };
}
