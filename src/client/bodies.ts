/** The server's JSON bodies as this client's types. The names of the wire (RFC 6749 5.1) end here. */

/** What a login tells the application. The access token is not part of it. */
export interface Grant {
  /** How requests prove themselves from now on: `Bearer` by a token this client keeps, `Cookie` by the platform's jar. */
  readonly tokenType: 'Bearer' | 'Cookie';
  /** Until the access token or the session cookie expires, counted from the answer. */
  readonly expiresInSeconds: number;
}

/** A grant as it came in. */
export interface ReceivedGrant extends Grant {
  /** Present with `Bearer`. */
  readonly accessToken?: string;
}

export interface Profile {
  readonly sub: string;
  /** Absent where the strategy has no sessions to name. */
  readonly sid?: string;
  readonly roles: readonly string[];
}

/** One of the user's own sessions. */
export interface SessionInfo {
  readonly sid: string;
  /** Name of the strategy that keeps it. */
  readonly strategy: string;
  readonly startedAt: string;
  /** Its absolute end; inactivity may end it sooner. */
  readonly expiresAt: string;
  /** Whether it is the session that asked. */
  readonly current: boolean;
}

/**
 * RFC 6750 2.1 `b64token`. A platform refuses other characters in a header too, but with the header's value in its
 * error's message.
 */
const tokenShape = /^[A-Za-z0-9\-._~+/]+=*$/;

/** Null when the body is no grant. */
export function grantFrom(body: unknown): ReceivedGrant | null {
  if (!isObject(body)) return null;
  const { token_type: tokenType, expires_in: expiresInSeconds, access_token: accessToken } = body;
  if (typeof expiresInSeconds !== 'number') return null;
  if (tokenType === 'Cookie') return { tokenType, expiresInSeconds };
  if (tokenType !== 'Bearer' || typeof accessToken !== 'string' || !tokenShape.test(accessToken)) return null;
  return { tokenType, expiresInSeconds, accessToken };
}

/** Null when the body is no profile. Members that this version does not know stay. */
export function profileFrom(body: unknown): Profile | null {
  return isProfile(body) ? body : null;
}

/** Null when the body is no list of sessions. */
export function sessionsFrom(body: unknown): readonly SessionInfo[] | null {
  if (!isObject(body) || !Array.isArray(body.sessions)) return null;
  const sessions: readonly unknown[] = body.sessions;
  return sessions.every(isSessionInfo) ? sessions : null;
}

function isProfile(value: unknown): value is Profile {
  if (!isObject(value)) return false;
  const { sub, sid, roles } = value;
  return typeof sub === 'string' && (sid === undefined || typeof sid === 'string') && Array.isArray(roles);
}

function isSessionInfo(value: unknown): value is SessionInfo {
  if (!isObject(value)) return false;
  const { sid, strategy, startedAt, expiresAt, current } = value;
  const texts = [sid, strategy, startedAt, expiresAt].every((text) => typeof text === 'string');
  return texts && typeof current === 'boolean';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
