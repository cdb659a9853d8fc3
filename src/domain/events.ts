/** Everything that can happen to a way of staying logged in. Past tense, small, never changed once written. */

import type { SigningKeyEvent } from './signing-key-events.ts';

/**
 * How a session that ends is made known to the requests that follow:
 * - `record`: its record in Redis goes; whoever looks it up finds nothing.
 * - `denylist`: an entry per session in Redis, looked up by every request.
 * - `epoch`: the user's counter in Redis goes up; tokens carry the count of their issue, compared on every request.
 * - `followed`: an entry in the revocation index, and the event itself, which every node follows.
 * - `followed-strict`: as `followed`, and whoever ends it waits until every node that runs has followed so far.
 * - `none`: nobody is told; what was issued stays good until it expires.
 */
export type RevocationChannel = 'record' | 'denylist' | 'epoch' | 'followed' | 'followed-strict' | 'none';

/** Why one session ended. */
export type TerminationReason =
  | 'logout'
  | 'replaced-by-login'
  | 'refresh-token-reuse'
  /** Another login made it one too many; it was the oldest. */
  | 'session-limit'
  /** Its user ended it from another session. */
  | 'ended-by-user';

/** Why all sessions of a user ended. */
export type MassTerminationReason = 'logout-all' | 'password-changed' | 'ended-by-admin' | 'user-disabled';

/** A record in Redis that stands for an opaque credential (reference token or session cookie). */
export interface CredentialRecord {
  /** SHA-256 of the credential: the credential itself is stored nowhere. */
  readonly digest: string;
  readonly expiresAtMillis: number;
  /** Each use moves the end to so much later, up to the session's own end; absent where use moves nothing. */
  readonly inactivityMillis?: number;
}

/** A refresh token as the server knows it. */
export interface RefreshTokenRecord {
  /** SHA-256 of the token. */
  readonly digest: string;
  /** The inactivity timeout: unused until then, the family is dead. Never beyond the session's absolute lifetime. */
  readonly expiresAtMillis: number;
}

export interface SessionStarted {
  readonly type: 'SessionStarted';
  readonly atMillis: number;
  readonly sub: string;
  readonly sid: string;
  /** Name of the strategy that issued it; no other accepts its credentials. */
  readonly strategy: string;
  readonly roles: readonly string[];
  readonly revocation: RevocationChannel;
  /** The absolute lifetime: neither activity nor refresh extends it. */
  readonly expiresAtMillis: number;
  /** Latest moment at which a self-contained token of this session can be accepted; absent where there is none. */
  readonly acceptableUntilMillis?: number;
  readonly record?: CredentialRecord;
  readonly refresh?: RefreshTokenRecord;
}

export interface SessionRefreshed {
  readonly type: 'SessionRefreshed';
  readonly atMillis: number;
  readonly sub: string;
  readonly sid: string;
  /** The successor. The token it replaces becomes the parent. */
  readonly refresh: RefreshTokenRecord;
  readonly acceptableUntilMillis?: number;
  readonly record?: CredentialRecord;
}

/** A refresh token was presented that had been used before, outside the grace: somebody else holds a copy. */
export interface RefreshTokenReuseDetected {
  readonly type: 'RefreshTokenReuseDetected';
  readonly atMillis: number;
  readonly sub: string;
  readonly sid: string;
}

export interface SessionTerminated {
  readonly type: 'SessionTerminated';
  readonly atMillis: number;
  readonly sub: string;
  readonly sid: string;
  readonly reason: TerminationReason;
  readonly revocation: RevocationChannel;
  /** The revocation must outlive every token of the session: `exp + leeway + skew` of the last one. */
  readonly acceptableUntilMillis: number;
  /** The user's counter from now on; present exactly where the channel is `epoch`. */
  readonly epoch?: number;
}

/** What ends a session among others, and for how long that must be remembered. */
export interface EndedSession {
  readonly sid: string;
  readonly revocation: RevocationChannel;
  readonly acceptableUntilMillis: number;
}

/** Every session that had begun is over, but for the one that was kept. A counter tells before from after, not a time. */
export interface AllSessionsTerminated {
  readonly type: 'AllSessionsTerminated';
  readonly atMillis: number;
  readonly sub: string;
  readonly reason: MassTerminationReason;
  /** The user's counter from now on: sessions begun under a lower one are over. */
  readonly epoch: number;
  readonly sessions: readonly EndedSession[];
  /** The session that goes on: the one in which the password was changed. */
  readonly keptSid?: string;
}

/** Nobody logs in as this user any more. */
export interface UserDisabled {
  readonly type: 'UserDisabled';
  readonly atMillis: number;
  readonly sub: string;
}

export interface UserEnabled {
  readonly type: 'UserEnabled';
  readonly atMillis: number;
  readonly sub: string;
}

/** The new hash is a record beside the log, never in it: whoever may read the log may not guess passwords. */
export interface PasswordChanged {
  readonly type: 'PasswordChanged';
  readonly atMillis: number;
  readonly sub: string;
}

/** From now on these roles count, whatever the user directory says. */
export interface UserRolesChanged {
  readonly type: 'UserRolesChanged';
  readonly atMillis: number;
  readonly sub: string;
  readonly roles: readonly string[];
  /** The user's counter from now on: tokens that carry a count are refused, and their refresh brings the new roles. */
  readonly epoch: number;
}

/**
 * A node knew of ended sessions that the log had lost (another server took over without them, or it came back empty),
 * and tells it again. Stands in a stream of its own, in the partition of the sessions.
 */
export interface RevocationsRestored {
  readonly type: 'RevocationsRestored';
  readonly atMillis: number;
  readonly sessions: readonly EndedSession[];
}

export type AccountEvent =
  | SessionStarted
  | SessionRefreshed
  | RefreshTokenReuseDetected
  | SessionTerminated
  | AllSessionsTerminated
  | UserDisabled
  | UserEnabled
  | PasswordChanged
  | UserRolesChanged;

/** Whatever may stand in a log: users' events in their partitions, the signing keys' in the realm's. */
export type LogEvent = AccountEvent | RevocationsRestored | SigningKeyEvent;
export type EventType = LogEvent['type'];

const eventTypes: ReadonlySet<string> = new Set<EventType>([
  'SessionStarted',
  'SessionRefreshed',
  'RefreshTokenReuseDetected',
  'SessionTerminated',
  'AllSessionsTerminated',
  'UserDisabled',
  'UserEnabled',
  'PasswordChanged',
  'UserRolesChanged',
  'RevocationsRestored',
  'SigningKeyAdded',
  'SigningKeyActivated',
  'SigningKeyRetired',
]);

export function isEventType(type: string): type is EventType {
  return eventTypes.has(type);
}

/** The sessions an event ends. */
export function sessionsEndedBy(event: AccountEvent | RevocationsRestored): readonly EndedSession[] {
  if (event.type === 'SessionTerminated') return [event];
  return event.type === 'AllSessionsTerminated' || event.type === 'RevocationsRestored' ? event.sessions : [];
}

/** Whether such a revocation lives on beside the session, for as long as a token of it could be accepted. */
export function outlivesSession(revocation: RevocationChannel): boolean {
  return revocation === 'denylist' || revocation === 'epoch' || isFollowed(revocation);
}

/** Whether nodes learn of such a revocation by following the log. */
export function isFollowed(revocation: RevocationChannel): boolean {
  return revocation === 'followed' || revocation === 'followed-strict';
}
