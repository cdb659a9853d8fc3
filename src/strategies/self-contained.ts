/** What `jwt`, `denylist`, `epoch` and `hybrid` share: a signed access token, verified on the spot, then perhaps asked after. */

import { outlivesSession } from '../domain/events.ts';
import { isSessionId } from '../domain/session-id.ts';
import { type AccessTokens, createAccessTokens, type VerifiedAccessToken } from '../tokens/access-token.ts';
import type { AccessTokenClaims } from '../tokens/claims.ts';
import type { VerifiedToken } from '../tokens/verified-tokens.ts';
import type { SignedVariant, StrategyDependencies } from './family.ts';
import { invalidToken, noCredential, unknown } from './outcomes.ts';
import type { Authentication, Exchange, Strategy } from './strategy.ts';
import { type SessionRef, TokenSession } from './token-session.ts';

/** `unknown`: it cannot be told at present whether the session was revoked. */
export type Standing = 'live' | 'revoked' | 'unknown';

/** Asked after a token has proved itself. Synchronous where the answer is at hand; throws ERR_LOG_UNAVAILABLE. */
export type StandingOf = (claims: AccessTokenClaims) => Standing | Promise<Standing>;

export interface SelfContainedOptions extends SignedVariant {
  readonly dependencies: StrategyDependencies;
  /** Absent: nobody is asked, and a token is good until it expires. */
  readonly standingOf?: StandingOf;
  /**
   * Whether a key may have been added that this node has not heard of: then a token that names none of the known ones
   * is not refused, for nobody can tell. Absent: never.
   */
  readonly mayMissKeys?: () => boolean;
}

export function createSelfContained(options: SelfContainedOptions): Strategy {
  const { name, traits, keys, library, dependencies } = options;
  const { context, issuer } = dependencies;
  const accessTokens = createAccessTokens({
    keys,
    library,
    issuer,
    audience: name,
    clock: context.clock,
    leewayMillis: context.policy.leewayMillis,
    isSessionId,
  });
  const conclude = conclusion(options, accessTokens);

  const tokens = new TokenSession({
    name,
    revocation: traits.revocation,
    format: {
      kind: 'self-contained',
      sign: ({ sub, sid, roles }, { atMillis, accessTokenExpiresAtMillis }, { epoch, birth }) =>
        accessTokens.sign({
          sub,
          sid,
          roles,
          ...(traits.revocation === 'epoch' ? { epoch } : {}),
          // What is remembered apart from the session, a log that has come back empty has forgotten.
          ...(outlivesSession(traits.revocation) && birth !== null ? { birth } : {}),
          tokenId: context.random(16).toString('base64url'),
          issuedAtMillis: atMillis,
          expiresAtMillis: accessTokenExpiresAtMillis,
        }),
      sessionOf(accessToken) {
        const verified = accessTokens.verify(accessToken);
        return verified instanceof Promise ? verified.then(sessionIn) : sessionIn(verified);
      },
    },
    dependencies,
  });

  function authenticate(exchange: Exchange): Authentication | Promise<Authentication> {
    const accessToken = tokens.accessTextOf(exchange);
    if (accessToken === undefined) return noCredential;
    const verified = accessTokens.verify(accessToken);
    return verified instanceof Promise ? verified.then(conclude) : conclude(verified);
  }

  return {
    name,
    traits,
    login: (exchange, subject) => tokens.login(exchange, subject),
    authenticate,
    refresh: (exchange) => tokens.refresh(exchange),
    logout: (exchange) => tokens.logout(exchange),
    forget: (exchange) => tokens.forget(exchange),
  };
}

function sessionIn(verified: VerifiedAccessToken): SessionRef | null {
  return verified.ok ? verified.claims : null;
}

/** The last step, whatever came before it: no time passes between an answer at hand and what is made of it. */
function conclusion(
  { standingOf, mayMissKeys, dependencies: { context } }: SelfContainedOptions,
  accessTokens: AccessTokens,
) {
  /** Whatever remembers that a session was ended may forget it as soon as its tokens are over, by any clock. */
  function isOver({ expiresAtMillis }: AccessTokenClaims): boolean {
    return context.clock.wallMillis() >= expiresAtMillis + context.policy.leewayMillis;
  }

  function judge(standing: Standing, verified: VerifiedToken): Authentication {
    switch (standing) {
      case 'live':
        return acceptanceOf(verified);
      case 'revoked':
        accessTokens.forget(verified);
        return invalidToken;
      case 'unknown':
        return unknown;
    }
  }

  return (verified: VerifiedAccessToken): Authentication | Promise<Authentication> => {
    if (!verified.ok) return verified.reason === 'key' && mayMissKeys?.() === true ? unknown : invalidToken;
    if (standingOf === undefined) return acceptanceOf(verified);
    const standing = standingOf(verified.claims);
    return typeof standing === 'string'
      ? judge(standing, verified)
      : // A machine that was suspended since the token proved itself must not go by an answer of after its end.
        standing.then((answered) => (isOver(verified.claims) ? invalidToken : judge(answered, verified)));
  };
}

function acceptanceOf({ claims: { sub, sid, roles } }: VerifiedToken): Authentication {
  return { ok: true, principal: { sub, sid, roles } };
}
