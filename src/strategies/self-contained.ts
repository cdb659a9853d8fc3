/** What `jwt`, `denylist`, `epoch` and `hybrid` share: a signed access token, verified on the spot, then perhaps asked after. */

import { outlivesSession } from '../domain/events.ts';
import { isSessionId } from '../domain/session-id.ts';
import {
  type AccessTokens,
  type Conclusion,
  createAccessTokens,
  type VerifiedAccessToken,
} from '../tokens/access-token.ts';
import type { AccessTokenClaims } from '../tokens/claims.ts';
import type { VerifiedToken } from '../tokens/verified-tokens.ts';
import type { SignedVariant, StrategyDependencies } from './family.ts';
import { invalidToken, noCredential, unknown } from './outcomes.ts';
import type { Authentication, Exchange, Strategy } from './strategy.ts';
import { type SessionRef, TokenSession } from './token-session.ts';

/** `unknown`: it cannot be told at present whether the session was revoked. */
export type Standing = 'live' | 'revoked' | 'unknown';

/** Asked after a token has proved itself. */
export interface StandingSource<Asked> {
  /** What is asked after, of the claims: once for a token that is remembered. */
  askedOf(claims: AccessTokenClaims): Asked;
  /**
   * Synchronous where the answer is at hand; throws ERR_LOG_UNAVAILABLE.
   * @param wallMillis wall time as it was read in this very step
   */
  standingOf(asked: Asked, wallMillis: number): Standing | Promise<Standing>;
}

export interface SelfContainedOptions<Asked> extends SignedVariant {
  readonly dependencies: StrategyDependencies;
  /** Absent: nobody is asked, and a token is good until it expires. */
  readonly standing?: StandingSource<Asked>;
  /**
   * Whether a key may have been added that this node has not heard of: then a token that names none of the known ones
   * is not refused, for nobody can tell. Absent: never.
   */
  readonly mayMissKeys?: () => boolean;
}

/** Of a token that has proved itself: the answer where its session lives, and what to ask for that. */
interface Prepared<Asked> {
  readonly acceptance: Authentication;
  /** Undefined where nobody is asked. */
  readonly asked: Asked | undefined;
}

export function createSelfContained<Asked>(options: SelfContainedOptions<Asked>): Strategy {
  const { name, traits, keys, library, dependencies, standing } = options;
  const { context, issuer } = dependencies;
  const accessTokens = createAccessTokens({
    keys,
    library,
    issuer,
    audience: name,
    clock: context.clock,
    leewayMillis: context.policy.leewayMillis,
    isSessionId,
    prepare: (claims): Prepared<Asked> => ({ acceptance: acceptanceOf(claims), asked: standing?.askedOf(claims) }),
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
        return accessTokens.judge(accessToken, sessionIn);
      },
    },
    dependencies,
  });

  function authenticate(exchange: Exchange): Authentication | Promise<Authentication> {
    const accessToken = tokens.accessTextOf(exchange);
    if (accessToken === undefined) return noCredential;
    return accessTokens.judge(accessToken, conclude);
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
function conclusion<Asked>(
  { standing, mayMissKeys, dependencies: { context } }: SelfContainedOptions<Asked>,
  accessTokens: AccessTokens<Prepared<Asked>>,
): Conclusion<Prepared<Asked>, Authentication> {
  /** Whatever remembers that a session was ended may forget it as soon as its tokens are over, by any clock. */
  function isOver({ expiresAtMillis }: AccessTokenClaims): boolean {
    return context.clock.wallMillis() >= expiresAtMillis + context.policy.leewayMillis;
  }

  function answerTo(standing: Standing, verified: VerifiedToken<Prepared<Asked>>): Authentication {
    switch (standing) {
      case 'live':
        return verified.prepared.acceptance;
      case 'revoked':
        accessTokens.forget(verified);
        return invalidToken;
      case 'unknown':
        return unknown;
    }
  }

  return (verified, wallMillis) => {
    if (!verified.ok) return verified.reason === 'key' && mayMissKeys?.() === true ? unknown : invalidToken;
    const { acceptance, asked } = verified.prepared;
    if (standing === undefined || asked === undefined) return acceptance;
    const answer = standing.standingOf(asked, wallMillis);
    return typeof answer === 'string'
      ? answerTo(answer, verified)
      : // A machine that was suspended since the token proved itself must not go by an answer of after its end.
        answer.then((answered) => (isOver(verified.claims) ? invalidToken : answerTo(answered, verified)));
  };
}

/** Handed to everybody who brings the same remembered token, and so unchangeable. */
function acceptanceOf({ sub, sid, roles }: AccessTokenClaims): Authentication {
  return Object.freeze({ ok: true, principal: Object.freeze({ sub, sid, roles }) });
}
