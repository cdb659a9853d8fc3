/** Everything that can happen to a way of staying logged in. Past tense, small, never changed once written. */

/**
 * How a session that ends is made known to the requests that follow:
 * - `record`: its record in Redis goes; whoever looks it up finds nothing.
 * - `denylist`: an entry per session in Redis, looked up by every request.
 * - `followed`: an entry in the revocation index, and the event itself, which every node follows.
 * - `none`: nobody is told; what was issued stays good until it expires.
 */
export type RevocationChannel = 'record' | 'denylist' | 'followed' | 'none';

/** Why a session ended. */
export type TerminationReason = 'logout' | 'replaced-by-login' | 'refresh-token-reuse';

/** A record in Redis that stands for an opaque credential (reference token or session cookie). */
export interface CredentialRecord {
  /** SHA-256 of the credential: the credential itself is stored nowhere. */
  readonly digest: string;
  readonly expiresAtMillis: number;
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
}

export type AccountEvent = SessionStarted | SessionRefreshed | RefreshTokenReuseDetected | SessionTerminated;
export type EventType = AccountEvent['type'];

const eventTypes: ReadonlySet<string> = new Set<EventType>([
  'SessionStarted',
  'SessionRefreshed',
  'RefreshTokenReuseDetected',
  'SessionTerminated',
]);

export function isEventType(type: string): type is EventType {
  return eventTypes.has(type);
}
