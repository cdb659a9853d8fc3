/** koa-session as both cookie families use it: how it is mounted, and how its session on Koa's context is read. */

import Keygrip from 'keygrip';
import { type CreateSessionOptions, createSession } from 'koa-session';
import { confirmGone } from '../application/confirm-gone.ts';
import type { CommandContext } from '../application/context.ts';
import { terminateSession } from '../application/terminate-session.ts';
import type { TerminationReason } from '../domain/events.ts';
import type { LifetimePolicy } from '../domain/policy.ts';
import { refreshTokenExpiry } from '../domain/policy.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { bearerToken } from '../tokens/bearer.ts';
import { countCookie } from './cookie-names.ts';
import { cookieLibrary } from './libraries.ts';
import { invalidToken, noCredential } from './outcomes.ts';
import type {
  Authentication,
  Exchange,
  HostApplication,
  LoginResult,
  Principal,
  SignatureFacts,
  Strategy,
  Subject,
  Traits,
} from './strategy.ts';

/** Koa's context with koa-session's property; a mounted strategy gets no other exchange. */
export interface SessionExchange extends Exchange {
  get session(): KoaSession | null;
  /** Null expires the cookie once the response is sent. */
  set session(data: Principal | null);
  /** Takes a response header back. */
  remove(field: string): void;
}

/** The data is there unless the session is new. */
export interface KoaSession extends Partial<Principal> {
  readonly isNew: boolean;
  /** Milliseconds that the cookie lives. Setting it has the session saved, and the cookie sent again, after the response is made. */
  maxAge: number;
  regenerate(): Promise<void> | undefined;
}

export interface KoaSessionMount extends CreateSessionOptions {
  readonly cookieName: string;
  /** The cookie is signed under the first, together with its name; the others verify. Null: it carries no signature. */
  readonly cookieKeys: readonly string[] | null;
  readonly livesMillis: number;
}

/** Of the cookie's second half, `<name>.sig`. */
export const cookieSignature: SignatureFacts = { algorithm: 'HMAC-SHA256', keyBits: 256, ...cookieLibrary };

/** How long a session lives that is never used. */
export function sessionLifetimeMillis(policy: LifetimePolicy): number {
  return refreshTokenExpiry(policy, 0, policy.absoluteMillis);
}

/**
 * koa-session extends the application's context, and only once. Its own `renew` and `rolling` stay off: they know no
 * absolute end, and read another clock than the rest.
 */
export function mountKoaSession(application: HostApplication, mount: KoaSessionMount): void {
  const { cookieName, cookieKeys, livesMillis, ...options } = mount;
  const signed = cookieKeys !== null;
  const attributes = { path: '/', httpOnly: true, secure: true, sameSite: 'lax', overwrite: true, signed };
  if (signed) application.keys = signatures(cookieKeys);
  application.use(createSession({ ...options, ...attributes, key: cookieName, maxAge: livesMillis }, application));
}

/** What signs a strategy's cookie: 256 bits as text, and the like from a previous secret that still verify. */
export function cookieKeysOf(keys: KeyRing, name: string): readonly string[] {
  const purpose = `cookie/${name}`;
  return [keys.secretFor(purpose), ...keys.previousSecretsFor(purpose)].map((key) => key.toString('base64url'));
}

/**
 * Keygrip signs with SHA-1 unless told otherwise. To a signature by a later key of its list the cookies library answers
 * with a new one in a cookie of its own, without lifetime or SameSite; here all keys look like the first, and a cookie
 * is signed anew with the next one that a login or a renewal sends.
 */
function signatures(keys: readonly string[]): Pick<Keygrip, 'sign' | 'verify' | 'index'> {
  const keygrip = new Keygrip([...keys], 'sha256');
  return {
    sign: (data) => keygrip.sign(data),
    verify: (data, digest) => keygrip.verify(data, digest),
    index: (data, digest) => (keygrip.verify(data, digest) ? 0 : -1),
  };
}

/** The session that the request's one cookie proves, or null. Reads what koa-session has found, asks nobody. */
export function carriedSession(exchange: SessionExchange, cookieName: string): Principal | null {
  if (countCookie(exchange.headers.cookie, cookieName) !== 1) return null;
  const { session } = exchange;
  if (session === null || session.isNew) return null;
  const { sub, sid, roles } = session;
  return sub === undefined || sid === undefined || roles === undefined ? null : { sub, sid, roles };
}

/** A bearer token in place of the cookie, or beside it, is refused: nobody could tell which of the two was meant. */
export function authenticateSession(exchange: SessionExchange, cookieName: string): Authentication {
  const { cookie, authorization } = exchange.headers;
  const spoiled = bearerToken(authorization) !== undefined;
  if (!spoiled && countCookie(cookie, cookieName) === 0) return noCredential;
  const principal = spoiled ? null : carriedSession(exchange, cookieName);
  if (principal !== null) return { ok: true, principal };
  // The cookies library answers a wrong signature by expiring it; a request that only asks changes no cookie.
  exchange.remove('Set-Cookie');
  return invalidToken;
}

export interface CarriedSessionOwner {
  readonly traits: Traits;
  readonly context: CommandContext;
  readonly cookieName: string;
}

/** Ends the session that the request's cookie proves, if there is one. Throws as `terminateSession`. */
export async function endCarriedSession(
  { traits, context, cookieName }: CarriedSessionOwner,
  exchange: SessionExchange,
  reason: TerminationReason,
): Promise<void> {
  const session = carriedSession(exchange, cookieName);
  if (session === null) {
    await confirmGone(context, exchange.cookies.get(cookieName, { signed: false }) ?? '');
    return;
  }
  const { sub, sid } = session;
  await terminateSession(context, { sub, sid, reason, revocation: traits.revocation });
}

export interface KoaSessionParts extends CarriedSessionOwner {
  readonly name: string;
  mount(application: HostApplication): void;
  login(exchange: SessionExchange, subject: Subject): Promise<LoginResult>;
  authenticate(exchange: SessionExchange): Authentication;
}

/** A strategy on koa-session: its families differ in what a login puts into the session, and in how one is judged. */
export function koaSessionStrategy(parts: KoaSessionParts): Strategy {
  const { name, traits, mount, login, authenticate } = parts;
  function forget(exchange: Exchange): void {
    (exchange as SessionExchange).session = null;
  }
  return {
    name,
    traits,
    mount,
    login: (exchange: Exchange, subject) => login(exchange as SessionExchange, subject),
    authenticate: (exchange: Exchange) => authenticate(exchange as SessionExchange),
    async logout(exchange: Exchange) {
      await endCarriedSession(parts, exchange as SessionExchange, 'logout');
      forget(exchange);
    },
    forget,
  };
}
