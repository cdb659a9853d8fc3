/** How long things live, and the sums that follow from it. */

/** All limits of a server; lifetimes in milliseconds. */
export interface LifetimePolicy {
  /** Of an access token, self-contained or reference. */
  readonly accessTokenMillis: number;
  /** Inactivity timeout: a refresh token or session unused for so long is dead. */
  readonly inactivityMillis: number;
  /** Absolute lifetime of a session: nothing extends it. */
  readonly absoluteMillis: number;
  /** For how long after `exp` a verifier still accepts a token (RFC 7519 4.1.4). */
  readonly leewayMillis: number;
  /** How far the clocks of two nodes may differ. */
  readonly skewMillis: number;
  /** For how long the immediate parent of an unused refresh token may be presented again. */
  readonly refreshGraceMillis: number;
  /** Sessions one user may have by one strategy at the same time; one more ends the oldest. */
  readonly maximumSessions: number;
}

/** When an access token issued now ends: its own lifetime, cut at the session's absolute lifetime. */
export function accessTokenExpiry(policy: LifetimePolicy, nowMillis: number, sessionExpiresAtMillis: number): number {
  return Math.min(nowMillis + policy.accessTokenMillis, sessionExpiresAtMillis);
}

/** When a refresh token issued now ends. */
export function refreshTokenExpiry(policy: LifetimePolicy, nowMillis: number, sessionExpiresAtMillis: number): number {
  return Math.min(nowMillis + policy.inactivityMillis, sessionExpiresAtMillis);
}

/**
 * The later end that a use now gives a session that slides, or null while more than half of its inactivity timeout is
 * left, so that not every use writes, and where nothing extends it any more.
 */
export function renewedExpiry(
  policy: LifetimePolicy,
  nowMillis: number,
  expiresAtMillis: number,
  endsAtMillis: number,
): number | null {
  if (expiresAtMillis - nowMillis > policy.inactivityMillis / 2) return null;
  const laterMillis = refreshTokenExpiry(policy, nowMillis, endsAtMillis);
  return laterMillis > expiresAtMillis ? laterMillis : null;
}

/**
 * Latest moment at which some node may accept a token with this expiry. A revocation must be remembered until then:
 * one that dies at `exp` lets the token live again for the leeway.
 */
export function acceptableUntil(policy: LifetimePolicy, expiresAtMillis: number): number {
  return expiresAtMillis + policy.leewayMillis + policy.skewMillis;
}
