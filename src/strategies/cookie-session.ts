/**
 * `cookie-session`: koa-session without a store. The signed cookie is the session; until it expires nobody can end it.
 * Using it brings another that lives on to the absolute lifetime: a stolen copy too.
 */

import { startSession } from '../application/start-session.ts';
import { type LifetimePolicy, refreshTokenExpiry, renewedExpiry } from '../domain/policy.ts';
import { isSessionId, newSessionId } from '../domain/session-id.ts';
import type { Clock } from '../kernel/clock.ts';
import { AuthlabError } from '../kernel/errors.ts';
import { cookieOutlivesItsSession } from './by-design.ts';
import { sessionCookieName } from './cookie-names.ts';
import type { PlainFamily, StrategyDependencies } from './family.ts';
import {
  authenticateSession,
  cookieKeysOf,
  cookieSignature,
  endCarriedSession,
  koaSessionStrategy,
  mountKoaSession,
  type SessionExchange,
  sessionLifetimeMillis,
} from './koa-session.ts';
import type { Authentication, HostApplication, LoginResult, Principal, Strategy, Subject, Traits } from './strategy.ts';

const traits: Traits = {
  family: 'cookie-session',
  transport: 'cookie',
  stateLocation: 'cookie',
  redisCommandsPerCheck: 0,
  revocation: 'none',
  bound: 'remaining-lifetime',
  logoutRefuses: 'none',
  rolesChange: 'at-the-next-login',
  refresh: false,
  withoutRedis: 'unaffected',
  failsByDesign: cookieOutlivesItsSession,
  signature: cookieSignature,
};

/** What the cookie says, beside koa-session's own `_expire` and `_maxAge`. */
interface CookieSession extends Principal {
  /** The end that inactivity brings. */
  readonly untilMillis: number;
  /** The end that nothing moves. */
  readonly endMillis: number;
}

/** RFC 6265bis 5.6: browsers drop a cookie whose name and value together are longer, without a word. */
const maximumCookieBytes = 4096;

function create(name: string, { context, keys }: StrategyDependencies): Strategy {
  const cookieName = sessionCookieName(name);
  const livesMillis = sessionLifetimeMillis(context.policy);

  function mount(application: HostApplication): void {
    const cookieKeys = cookieKeysOf(keys, name);
    const valid = (_: unknown, data: unknown): boolean => isLiveSession(data, context.clock);
    mountKoaSession(application, { cookieName, cookieKeys, livesMillis, valid });
  }

  function authenticate(exchange: SessionExchange): Authentication {
    const authentication = authenticateSession(exchange, cookieName);
    if (authentication.ok) renew(exchange, context.policy, context.clock.wallMillis());
    return authentication;
  }

  async function login(exchange: SessionExchange, { sub, roles }: Subject): Promise<LoginResult> {
    const sid = newSessionId(context.log.partitionOfUser(sub), context.random);
    demandRoom(cookieName, { sub, sid, roles }, livesMillis);
    // For the audit alone: the old cookie stays as good as it was.
    await endCarriedSession({ traits, context, cookieName }, exchange, 'replaced-by-login');
    const started = await startSession(context, { sid, sub, roles, strategy: name, revocation: traits.revocation });
    if (!started.ok) return started;
    demandRoom(cookieName, { sub, sid, roles: started.roles }, livesMillis);
    const { atMillis, sessionExpiresAtMillis: endMillis } = started.times;
    const untilMillis = refreshTokenExpiry(context.policy, atMillis, endMillis);
    const data: CookieSession = { sub, sid, roles: started.roles, untilMillis, endMillis };
    exchange.session = data;
    return { ok: true, grant: { tokenType: 'Cookie', expiresInSeconds: Math.floor(livesMillis / 1000) } };
  }

  return koaSessionStrategy({ name, traits, context, cookieName, mount, login, authenticate });
}

/** Whether a cookie with a right signature still is a session of ours. */
function isLiveSession(data: unknown, clock: Clock): boolean {
  if (typeof data !== 'object' || data === null) return false;
  const { sub, sid, roles, untilMillis, endMillis } = data as Readonly<Record<string, unknown>>;
  if (typeof sub !== 'string' || typeof sid !== 'string' || !isSessionId(sid) || !Array.isArray(roles)) return false;
  if (typeof untilMillis !== 'number' || typeof endMillis !== 'number') return false;
  return Math.min(untilMillis, endMillis) > clock.wallMillis();
}

/** A session in use gets a cookie with a later end, signed anew. */
function renew(exchange: SessionExchange, policy: LifetimePolicy, nowMillis: number): void {
  // Its shape was checked before it became koa-session's session.
  const { sub, sid, roles, untilMillis, endMillis } = exchange.session as unknown as CookieSession;
  const later = renewedExpiry(policy, nowMillis, untilMillis, endMillis);
  if (later === null) return;
  const renewed: CookieSession = { sub, sid, roles, untilMillis: later, endMillis };
  exchange.session = renewed;
  if (exchange.session !== null) exchange.session.maxAge = later - nowMillis;
}

/** Throws ERR_INPUT_INVALID before anything has happened, rather than let a browser drop the cookie in silence. */
function demandRoom(cookieName: string, data: Principal, livesMillis: number): void {
  // As koa-session will write it; times have 13 digits until the year 2286.
  const time = 9_999_999_999_999;
  const content = JSON.stringify({ ...data, untilMillis: time, endMillis: time, _expire: time, _maxAge: livesMillis });
  const bytes = cookieName.length + Math.ceil(Buffer.byteLength(content) / 3) * 4;
  if (bytes <= maximumCookieBytes) return;
  throw new AuthlabError('ERR_INPUT_INVALID', 'This user has too many roles for a session in a cookie.', {
    faults: [{ place: 'roles', message: `make a cookie of ${bytes} bytes; browsers keep ${maximumCookieBytes}` }],
  });
}

export const cookieSession: PlainFamily = { signed: false, traits, create };
