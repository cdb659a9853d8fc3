/**
 * The JWT Claims Set of an access token (RFC 7519 4, RFC 9068 2.2). Wire names and NumericDates exist in this file only:
 * inside, names are words and times are milliseconds.
 */

/** Everything an access token says. */
export interface AccessTokenClaims {
  readonly issuer: string;
  /** The strategy that issued it; no other accepts it. */
  readonly audience: string;
  readonly sub: string;
  readonly sid: string;
  /** Unique per token. */
  readonly tokenId: string;
  readonly roles: readonly string[];
  /** The user's counter when it was issued; only where a verifier compares it. */
  readonly epoch?: number;
  /** The birth of the log that knows the session; only where a verifier compares it. */
  readonly birth?: number;
  readonly issuedAtMillis: number;
  readonly expiresAtMillis: number;
  /** Not in force before; ours are from the beginning. */
  readonly notBeforeMillis?: number;
}

/** What a verifier demands beyond the signature and the times. */
export interface ExpectedClaims {
  readonly issuer: string;
  readonly audience: string;
  isSessionId(text: string): boolean;
}

/** RFC 9068 demands a client; authlab has one and asks nothing of it. */
const clientId = 'authlab';
/** OpenID Connect Core 2: a subject has at most 255 characters. */
const maximumSubjectLength = 255;
const maximumTokenIdLength = 64;

/** Times are cut to whole seconds: a token never outlives the moment that the log knows, and revocations cover. */
export function toClaimsSet(claims: AccessTokenClaims): Record<string, unknown> {
  return {
    iss: claims.issuer,
    aud: claims.audience,
    sub: claims.sub,
    sid: claims.sid,
    jti: claims.tokenId,
    client_id: clientId,
    roles: claims.roles,
    ...(claims.epoch === undefined ? {} : { epoch: claims.epoch }),
    ...(claims.birth === undefined ? {} : { log: claims.birth }),
    iat: numericDate(claims.issuedAtMillis),
    exp: numericDate(claims.expiresAtMillis),
  };
}

/**
 * The claims of a payload whose signature and times have been verified, or null when one is missing, of another type
 * or not as expected. Lists are refused where a text is due, also a list that holds the right text.
 */
export function fromClaimsSet(payload: unknown, expected: ExpectedClaims): AccessTokenClaims | null {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return null;
  const {
    iss,
    aud,
    sub,
    sid,
    jti,
    client_id,
    roles,
    epoch,
    log: birth,
    iat,
    exp,
    nbf,
  } = payload as Readonly<Record<string, unknown>>;
  if (iss !== expected.issuer || aud !== expected.audience || client_id !== clientId) return null;
  if (!isText(sub, maximumSubjectLength) || !isText(jti, maximumTokenIdLength)) return null;
  if (typeof sid !== 'string' || !expected.isSessionId(sid)) return null;
  if (!isNumericDate(iat) || !isNumericDate(exp) || (nbf !== undefined && !isNumericDate(nbf))) return null;
  if ((epoch !== undefined && !isCount(epoch)) || (birth !== undefined && !isCount(birth))) return null;
  if (!Array.isArray(roles) || !roles.every((role) => typeof role === 'string')) return null;
  return {
    issuer: expected.issuer,
    audience: expected.audience,
    sub,
    sid,
    tokenId: jti,
    roles,
    ...(epoch === undefined ? {} : { epoch }),
    ...(birth === undefined ? {} : { birth }),
    issuedAtMillis: iat * 1000,
    expiresAtMillis: exp * 1000,
    ...(nbf === undefined ? {} : { notBeforeMillis: nbf * 1000 }),
  };
}

function numericDate(millis: number): number {
  return Math.floor(millis / 1000);
}

/** RFC 7519 2 allows fractions; authlab issues none and accepts none, nor what JSON can write but no clock can show. */
function isNumericDate(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isText(value: unknown, maximumLength: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= maximumLength;
}
