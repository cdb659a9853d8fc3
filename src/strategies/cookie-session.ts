/** `cookie-session`: koa-session without a store. The signed cookie is the session; until it expires nobody can end it. */

import { startSession } from '../application/start-session.ts';
import { terminateSession } from '../application/terminate-session.ts';
import type { TerminationReason } from '../domain/events.ts';
import { isSessionId, newSessionId } from '../domain/session-id.ts';
import type { Clock } from '../kernel/clock.ts';
import { AuthlabError } from '../kernel/errors.ts';
import { sessionCookieName } from './cookie-names.ts';
import type { PlainFamily, StrategyDependencies } from './family.ts';
import {
  authenticateSession,
  carriedSession,
  cookieSignature,
  mountKoaSession,
  type SessionExchange,
  sessionLifetimeMillis,
} from './koa-session.ts';
import type { Exchange, Grant, HostApplication, Principal, Strategy, Subject, Traits } from './strategy.ts';

const traits: Traits = {
  family: 'cookie-session',
  transport: 'cookie',
  stateLocation: 'cookie',
  redisCommandsPerCheck: 0,
  revocation: 'none',
  bound: 'remaining-lifetime',
  refresh: false,
  withoutRedis: 'unaffected',
  signature: cookieSignature,
};

/** RFC 6265bis 5.6: browsers drop a cookie whose name and value together are longer, without a word. */
const maximumCookieBytes = 4096;

function create(name: string, { context, keys }: StrategyDependencies): Strategy {
  const cookieName = sessionCookieName(name);
  const livesMillis = sessionLifetimeMillis(context.policy);

  function mount(application: HostApplication): void {
    const cookieKey = keys.secretFor(`cookie/${name}`).toString('base64url');
    const valid = (_: unknown, data: unknown): boolean => isLiveSession(data, context.clock);
    mountKoaSession(application, { cookieName, cookieKey, livesMillis, valid });
  }

  /** For the audit alone: the old cookie stays as good as it was. */
  async function endSessionOf(exchange: SessionExchange, reason: TerminationReason): Promise<void> {
    const session = carriedSession(exchange, cookieName);
    if (session === null) return;
    const { sub, sid } = session;
    await terminateSession(context, { sub, sid, reason, revocation: traits.revocation });
  }

  async function login(exchange: SessionExchange, { sub, roles }: Subject): Promise<Grant> {
    const sid = newSessionId(context.log.partitionOfUser(sub), context.random);
    const data: Principal = { sub, sid, roles };
    demandRoom(cookieName, data, livesMillis);
    await endSessionOf(exchange, 'replaced-by-login');
    await startSession(context, { sid, sub, roles, strategy: name, revocation: traits.revocation });
    exchange.session = data;
    return { tokenType: 'Cookie', expiresInSeconds: Math.floor(livesMillis / 1000) };
  }

  async function logout(exchange: SessionExchange): Promise<void> {
    await endSessionOf(exchange, 'logout');
    exchange.session = null;
  }

  return {
    name,
    traits,
    mount,
    login: (exchange: Exchange, subject) => login(exchange as SessionExchange, subject),
    authenticate: (exchange: Exchange) => authenticateSession(exchange as SessionExchange, cookieName),
    logout: (exchange: Exchange) => logout(exchange as SessionExchange),
  };
}

/**
 * Whether a cookie with a right signature still is a session of ours. `_expire` is koa-session's own member: the end in
 * milliseconds, set at login and never moved, because nothing here changes a session.
 */
function isLiveSession(data: unknown, clock: Clock): boolean {
  if (typeof data !== 'object' || data === null) return false;
  const { sub, sid, roles, _expire } = data as Readonly<Record<string, unknown>>;
  if (typeof sub !== 'string' || typeof sid !== 'string' || !isSessionId(sid) || !Array.isArray(roles)) return false;
  return typeof _expire === 'number' && _expire > clock.wallMillis();
}

/** Throws ERR_INPUT_INVALID before anything has happened, rather than let a browser drop the cookie in silence. */
function demandRoom(cookieName: string, data: Principal, livesMillis: number): void {
  // As koa-session will write it; `_expire` has 13 digits until the year 2286.
  const content = JSON.stringify({ ...data, _expire: 9_999_999_999_999, _maxAge: livesMillis });
  const bytes = cookieName.length + Math.ceil(Buffer.byteLength(content) / 3) * 4;
  if (bytes <= maximumCookieBytes) return;
  throw new AuthlabError('ERR_INPUT_INVALID', 'This user has too many roles for a session in a cookie.', {
    faults: [{ place: 'roles', message: `make a cookie of ${bytes} bytes; browsers keep ${maximumCookieBytes}` }],
  });
}

export const cookieSession: PlainFamily = { signed: false, traits, create };
