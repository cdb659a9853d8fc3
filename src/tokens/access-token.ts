/** Self-contained access tokens: JWTs as RFC 9068 profiles them, verified as RFC 8725 advises. */

import { AuthlabError } from '../kernel/errors.ts';
import type { AlgorithmKeys } from '../keys/key-ring.ts';
import { AcceptedKeys } from './accepted-keys.ts';
import { type AccessTokenClaims, type ExpectedClaims, fromClaimsSet, toClaimsSet } from './claims.ts';
import type { TimeCheck, TokenLibrary, Verdict } from './libraries/library.ts';

export interface AccessTokenOptions extends ExpectedClaims, TimeCheck {
  /** The keys of one algorithm, as they are at the moment. */
  readonly keys: AlgorithmKeys;
  /** One that knows this algorithm. */
  readonly library: TokenLibrary;
}

/**
 * Why a token was refused: `size` longer than any token of ours; `key` no key that is accepted now writes such a header;
 * `signature` not a compact JWS that this key signed, or `nbf` lies ahead; `expired` beyond the leeway; `claims` signed
 * by our key but not an access token of ours.
 */
export type AccessTokenRefusal = 'size' | 'key' | 'signature' | 'expired' | 'claims';

export type VerifiedAccessToken =
  | { readonly ok: true; readonly claims: AccessTokenClaims }
  | { readonly ok: false; readonly reason: AccessTokenRefusal };

export type IssuedClaims = Omit<AccessTokenClaims, 'issuer' | 'audience'>;

export interface AccessTokens {
  /**
   * Throws ERR_INPUT_INVALID when the claims make a token too long to be accepted again, ERR_LOG_UNAVAILABLE while no
   * key is active. Synchronous where the library is.
   */
  sign(claims: IssuedClaims): string | Promise<string>;
  /** Judges any text; neither throws nor rejects. Synchronous where the library is, and for most texts that are no token. */
  verify(token: string): VerifiedAccessToken | Promise<VerifiedAccessToken>;
}

/** In characters. Longer texts are refused before any of them is decoded or hashed. */
export const maximumTokenLength = 8192;

const refused: Readonly<Record<AccessTokenRefusal, VerifiedAccessToken>> = {
  size: { ok: false, reason: 'size' },
  key: { ok: false, reason: 'key' },
  signature: { ok: false, reason: 'signature' },
  expired: { ok: false, reason: 'expired' },
  claims: { ok: false, reason: 'claims' },
};

/** Signer and verifier of one strategy: one algorithm and its keys, one issuer, one audience. */
export function createAccessTokens(options: AccessTokenOptions): AccessTokens {
  const { issuer, audience } = options;
  const keys = new AcceptedKeys(options.keys, options.library, options);

  function sign(claims: IssuedClaims): string | Promise<string> {
    const token = keys.signer(toClaimsSet({ ...claims, issuer, audience }));
    return typeof token === 'string' ? demandRoom(token) : token.then(demandRoom);
  }

  function verify(token: string): VerifiedAccessToken | Promise<VerifiedAccessToken> {
    if (token.length > maximumTokenLength) return refused.size;
    const headerEnd = token.indexOf('.');
    const signatureStart = token.lastIndexOf('.') + 1;
    if (headerEnd < 0 || headerEnd + 1 === signatureStart) return refused.signature;
    const key = keys.find(token.slice(0, headerEnd));
    if (key === undefined) return refused.key;
    if (!key.isSignature(token.slice(signatureStart))) return refused.signature;
    const verdict = key.verify(token);
    return verdict instanceof Promise ? verdict.then(conclude) : conclude(verdict);
  }

  function conclude(verdict: Verdict): VerifiedAccessToken {
    if (!verdict.ok) return refused[verdict.reason];
    const claims = fromClaimsSet(verdict.payload, options);
    return claims === null ? refused.claims : { ok: true, claims };
  }

  return { sign, verify };
}

function demandRoom(token: string): string {
  if (token.length <= maximumTokenLength) return token;
  throw new AuthlabError('ERR_INPUT_INVALID', 'This user has too many roles for a self-contained token.', {
    faults: [{ place: 'roles', message: `make a token of ${token.length} characters; ${maximumTokenLength} fit` }],
  });
}
