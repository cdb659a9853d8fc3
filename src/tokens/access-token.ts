/** Self-contained access tokens: JWTs as RFC 9068 profiles them, verified as RFC 8725 advises. */

import { AuthlabError } from '../kernel/errors.ts';
import type { AlgorithmKeys } from '../keys/key-ring.ts';
import { type AcceptedKey, AcceptedKeys } from './accepted-keys.ts';
import { isTokenShaped } from './bearer.ts';
import { type AccessTokenClaims, type ExpectedClaims, fromClaimsSet, toClaimsSet } from './claims.ts';
import type { TimeCheck, TokenLibrary, Verdict } from './libraries/library.ts';
import { type VerifiedToken, VerifiedTokens } from './verified-tokens.ts';

export interface AccessTokenOptions<Prepared> extends ExpectedClaims, TimeCheck {
  /** The keys of one algorithm, as they are at the moment. */
  readonly keys: AlgorithmKeys;
  /** One that knows this algorithm. */
  readonly library: TokenLibrary;
  /** Works out of the claims what is needed of them; once for a token that is remembered, and so unchangeable. */
  readonly prepare: (claims: AccessTokenClaims) => Prepared;
}

/**
 * Why a token was refused: `size` longer than any token of ours; `key` no key that is accepted now writes such a header;
 * `signature` not a compact JWS that this key signed, or `nbf` lies ahead; `expired` beyond the leeway; `claims` signed
 * by our key but not an access token of ours.
 */
export type AccessTokenRefusal = 'size' | 'key' | 'signature' | 'expired' | 'claims';

export type VerifiedAccessToken<Prepared = unknown> = VerifiedToken<Prepared> | RefusedAccessToken;

export interface RefusedAccessToken {
  readonly ok: false;
  readonly reason: AccessTokenRefusal;
}

export type IssuedClaims = Omit<AccessTokenClaims, 'issuer' | 'audience'>;

/**
 * What is made of a verified token, in the very step in which it proved itself: no time passes in between.
 * @param wallMillis wall time as it was read in this step
 */
export type Conclusion<Prepared, Result> = (
  verified: VerifiedAccessToken<Prepared>,
  wallMillis: number,
) => Result | Promise<Result>;

export interface AccessTokens<Prepared = unknown> {
  /**
   * Throws ERR_INPUT_INVALID when the claims make a token too long to be accepted again, ERR_LOG_UNAVAILABLE while no
   * key is active. Synchronous where the library is.
   */
  sign(claims: IssuedClaims): string | Promise<string>;
  /** Judges any text; neither throws nor rejects. Synchronous where the library is, and for most texts that are no token. */
  verify(token: string): VerifiedAccessToken<Prepared> | Promise<VerifiedAccessToken<Prepared>>;
  /** As `verify`, and then what is concluded from it. A token that is remembered costs one reading of the clock. */
  judge<Result>(token: string, conclude: Conclusion<Prepared, Result>): Result | Promise<Result>;
  /** What has been accepted is refused for good, as when its session has ended: it need not be remembered. */
  forget(verified: VerifiedToken): void;
}

/** In characters. Longer texts are refused before any of them is decoded or hashed. */
export const maximumTokenLength = 8192;

const refused: Readonly<Record<AccessTokenRefusal, RefusedAccessToken>> = {
  size: { ok: false, reason: 'size' },
  key: { ok: false, reason: 'key' },
  signature: { ok: false, reason: 'signature' },
  expired: { ok: false, reason: 'expired' },
  claims: { ok: false, reason: 'claims' },
};

/** Signer and verifier of one strategy: one algorithm and its keys, one issuer, one audience. */
export function createAccessTokens<Prepared>(options: AccessTokenOptions<Prepared>): AccessTokens<Prepared> {
  const { issuer, audience, clock, prepare } = options;
  const keys = new AcceptedKeys(options.keys, options.library, options);
  const maximumTokens = options.library.variant?.verifiedTokens;
  const known = maximumTokens === undefined ? null : new VerifiedTokens({ ...options, maximumTokens });
  /** Of the keys, when those tokens were last looked through. */
  let knownVersion = Number.NaN;

  function sign(claims: IssuedClaims): string | Promise<string> {
    const token = keys.signer(toClaimsSet({ ...claims, issuer, audience }));
    return typeof token === 'string' ? demandRoom(token) : token.then(demandRoom);
  }

  /** Known to have been signed: the times are judged now, and the key was accepted when this was asked. */
  function recall(
    token: string,
    tokens: VerifiedTokens<Prepared>,
    wallMillis: number,
  ): VerifiedAccessToken<Prepared> | null {
    const version = keys.renew();
    if (version !== knownVersion) {
      forgetRetired(tokens);
      knownVersion = version;
    }
    const recollection = tokens.find(token, wallMillis);
    if (recollection === 'none') return null;
    if (recollection === 'expired') return refused.expired;
    return recollection === 'early' ? refused.signature : recollection;
  }

  function forgetRetired(tokens: VerifiedTokens<Prepared>): void {
    const accepted = keys.all();
    tokens.keepOnly((key) => accepted.has(key));
  }

  function judge<Result>(token: string, conclude: Conclusion<Prepared, Result>): Result | Promise<Result> {
    if (known !== null && token.length <= maximumTokenLength) {
      const wallMillis = clock.wallMillis();
      const recalled = recall(token, known, wallMillis);
      if (recalled !== null) return conclude(recalled, wallMillis);
    }
    const verified = verifyAfresh(token);
    if (!(verified instanceof Promise)) return conclude(verified, clock.wallMillis());
    return verified.then((settled) => conclude(settled, clock.wallMillis()));
  }

  function verifyAfresh(token: string): VerifiedAccessToken<Prepared> | Promise<VerifiedAccessToken<Prepared>> {
    if (token.length > maximumTokenLength) return refused.size;
    // Before the key is asked for: what can be no token is refused by a node that cannot tell about keys, too.
    if (!isTokenShaped(token)) return refused.signature;
    const headerEnd = token.indexOf('.');
    const signatureStart = token.lastIndexOf('.') + 1;
    if (headerEnd < 0 || headerEnd + 1 === signatureStart) return refused.signature;
    const header = token.slice(0, headerEnd);
    const key = keys.find(header);
    if (key === undefined) return refused.key;
    if (!key.isSignature(token.slice(signatureStart))) return refused.signature;
    const verdict = key.verify(token);
    if (verdict instanceof Promise) return verdict.then((settled) => accept(token, header, key, settled));
    return accept(token, header, key, verdict);
  }

  function accept(token: string, header: string, key: AcceptedKey, verdict: Verdict): VerifiedAccessToken<Prepared> {
    if (!verdict.ok) return refused[verdict.reason];
    const claims = fromClaimsSet(verdict.payload, options);
    if (claims === null) return refused.claims;
    // A key may be retired while its token is verified: then there is nobody left to forget it.
    if (known === null || keys.find(header) !== key) return { ok: true, claims, prepared: prepare(claims) };
    return known.remember(token, claims, key);
  }

  function forget(verified: VerifiedToken): void {
    known?.forget(verified);
  }

  return { sign, verify: (token) => judge(token, itself), judge, forget };
}

function itself<Verified>(verified: Verified): Verified {
  return verified;
}

function demandRoom(token: string): string {
  if (token.length <= maximumTokenLength) return token;
  throw new AuthlabError('ERR_INPUT_INVALID', 'This user has too many roles for a self-contained token.', {
    faults: [{ place: 'roles', message: `make a token of ${token.length} characters; ${maximumTokenLength} fit` }],
  });
}
