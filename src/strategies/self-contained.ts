/** What `jwt`, `denylist` and `hybrid` share: a signed access token, verified on the spot, then perhaps asked after. */

import { isSessionId } from '../domain/session-id.ts';
import type { SignatureKey } from '../keys/key-ring.ts';
import { createAccessTokens } from '../tokens/access-token.ts';
import type { StrategyDependencies } from './family.ts';
import { invalidToken, noCredential, unknown } from './outcomes.ts';
import type { Authentication, Exchange, Strategy, Traits } from './strategy.ts';
import { TokenSession } from './token-session.ts';

/** `unknown`: it cannot be told at present whether the session was revoked. */
export type Standing = 'live' | 'revoked' | 'unknown';

/** Asked after a token has proved itself. Synchronous where the answer is at hand; throws ERR_LOG_UNAVAILABLE. */
export type StandingOf = (sid: string) => Standing | Promise<Standing>;

export interface SelfContainedOptions {
  readonly name: string;
  readonly traits: Traits;
  readonly key: SignatureKey;
  readonly dependencies: StrategyDependencies;
  /** Absent: nobody is asked, and a token is good until it expires. */
  readonly standingOf?: StandingOf;
}

export function createSelfContained(options: SelfContainedOptions): Strategy {
  const { name, traits, key, dependencies, standingOf } = options;
  const { context, issuer } = dependencies;
  const accessTokens = createAccessTokens({
    key,
    issuer,
    audience: name,
    clock: context.clock,
    leewayMillis: context.policy.leewayMillis,
    isSessionId,
  });

  const tokens = new TokenSession({
    name,
    revocation: traits.revocation,
    format: {
      kind: 'self-contained',
      sign: ({ sub, sid, roles }, { atMillis, accessTokenExpiresAtMillis }) =>
        accessTokens.sign({
          sub,
          sid,
          roles,
          tokenId: context.random(16).toString('base64url'),
          issuedAtMillis: atMillis,
          expiresAtMillis: accessTokenExpiresAtMillis,
        }),
      sessionOf(accessToken) {
        const verified = accessTokens.verify(accessToken);
        return verified.ok ? verified.claims : null;
      },
    },
    dependencies,
  });

  function authenticate(exchange: Exchange): Authentication | Promise<Authentication> {
    const accessToken = tokens.accessTokenOf(exchange);
    if (accessToken === undefined) return noCredential;
    const verified = accessTokens.verify(accessToken);
    if (!verified.ok) return invalidToken;
    const { sub, sid, roles } = verified.claims;
    const accepted: Authentication = { ok: true, principal: { sub, sid, roles } };
    if (standingOf === undefined) return accepted;
    const standing = standingOf(sid);
    return typeof standing === 'string'
      ? judge(standing, accepted)
      : standing.then((answered) => judge(answered, accepted));
  }

  return {
    name,
    traits,
    login: (exchange, subject) => tokens.login(exchange, subject),
    authenticate,
    refresh: (exchange) => tokens.refresh(exchange),
    logout: (exchange) => tokens.logout(exchange),
  };
}

function judge(standing: Standing, accepted: Authentication): Authentication {
  switch (standing) {
    case 'live':
      return accepted;
    case 'revoked':
      return invalidToken;
    case 'unknown':
      return unknown;
  }
}
