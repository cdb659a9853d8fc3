/** Self-contained access tokens: JWTs as RFC 9068 profiles them, verified as RFC 8725 advises. */

import jwt, { type Jwt, type JwtHeader } from 'jsonwebtoken';
import type { Clock } from '../kernel/clock.ts';
import { AuthlabError } from '../kernel/errors.ts';
import type { SignatureKey } from '../keys/key-ring.ts';
import { type AccessTokenClaims, type ExpectedClaims, fromClaimsSet, toClaimsSet } from './claims.ts';

export interface AccessTokenOptions extends ExpectedClaims {
  /** The one key, and by it the one algorithm, that signs and verifies. */
  readonly key: SignatureKey;
  readonly clock: Clock;
  /** For how long after `exp`, and before `nbf`, a token is accepted. */
  readonly leewayMillis: number;
}

/**
 * Why a token was refused: `size` longer than any token of ours; `signature` not a compact JWS that our key signed, or
 * `nbf` lies ahead; `expired` beyond the leeway; `header`, `claims` signed by our key but not an access token of ours.
 */
export type AccessTokenRefusal = 'size' | 'signature' | 'expired' | 'header' | 'claims';

export type VerifiedAccessToken =
  | { readonly ok: true; readonly claims: AccessTokenClaims }
  | { readonly ok: false; readonly reason: AccessTokenRefusal };

export interface AccessTokens {
  /** Throws ERR_INPUT_INVALID when the claims make a token too long to be accepted again. */
  sign(claims: Omit<AccessTokenClaims, 'issuer' | 'audience'>): string;
  /** Judges any text. Synchronous, and never throws. */
  verify(token: string): VerifiedAccessToken;
}

/** In characters. Longer texts are refused before any of them is decoded or hashed. */
export const maximumTokenLength = 8192;

const mediaType = 'at+jwt';
/** `alg`, `typ` and `kid`. */
const headerMembers = 3;
const refused: Readonly<Record<AccessTokenRefusal, VerifiedAccessToken>> = {
  size: { ok: false, reason: 'size' },
  signature: { ok: false, reason: 'signature' },
  expired: { ok: false, reason: 'expired' },
  header: { ok: false, reason: 'header' },
  claims: { ok: false, reason: 'claims' },
};

/** Signer and verifier of one strategy: one key, one algorithm, one issuer, one audience. */
export function createAccessTokens(options: AccessTokenOptions): AccessTokens {
  const { key, clock, issuer, audience } = options;
  const { jws } = key.algorithm;
  const clockTolerance = options.leewayMillis / 1000;

  function sign(claims: Omit<AccessTokenClaims, 'issuer' | 'audience'>): string {
    const header = { alg: jws, typ: mediaType, kid: key.kid };
    const token = jwt.sign(toClaimsSet({ ...claims, issuer, audience }), key.signing, { algorithm: jws, header });
    if (token.length <= maximumTokenLength) return token;
    throw new AuthlabError('ERR_INPUT_INVALID', 'This user has too many roles for a self-contained token.', {
      faults: [{ place: 'roles', message: `make a token of ${token.length} characters; ${maximumTokenLength} fit` }],
    });
  }

  function verify(token: string): VerifiedAccessToken {
    if (token.length > maximumTokenLength) return refused.size;
    if (!hasCanonicalSignature(token)) return refused.signature;
    let verified: Jwt;
    try {
      verified = jwt.verify(token, key.verification, {
        algorithms: [jws],
        clockTimestamp: clock.wallMillis() / 1000,
        clockTolerance,
        complete: true,
      });
    } catch (error) {
      // Key and options are fixed and known to be good, so whatever is thrown here, it is the token's fault.
      return error instanceof jwt.TokenExpiredError ? refused.expired : refused.signature;
    }
    if (!isExpectedHeader(verified.header, key.kid)) return refused.header;
    const claims = fromClaimsSet(verified.payload, options);
    return claims === null ? refused.claims : { ok: true, claims };
  }

  return { sign, verify };
}

/**
 * The `kid` is never used to find a key: there is one, and a token of ours always names it. Nor does anything else in
 * the header bring a key or an extension along: only the members that we write are accepted, which leaves no room for
 * `crit`, `b64`, `jwk`, `jku`, `x5u` or `x5c`.
 */
function isExpectedHeader(header: JwtHeader, kid: string): boolean {
  return header.typ === mediaType && header.kid === kid && Object.keys(header).length === headerMembers;
}

/**
 * Whether the unused bits of the signature's last character are zero (RFC 4648 3.5). Decoders ignore them, which would
 * give one signature several spellings.
 */
function hasCanonicalSignature(token: string): boolean {
  const last = token.at(-1) ?? '';
  switch ((token.length - token.lastIndexOf('.') - 1) % 4) {
    case 0:
      return true;
    case 2:
      return 'AQgw'.includes(last);
    case 3:
      return 'AEIMQUYcgkosw048'.includes(last);
    default:
      return false;
  }
}
