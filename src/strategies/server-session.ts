/**
 * What `session` and `cached-session` share: koa-session with its store on the log. The cookie is a handle of 256 bits
 * that opens a record; using the session moves its end, up to its absolute lifetime, and never brings it back.
 */

import { startSession } from '../application/start-session.ts';
import { newHandle, newSessionId } from '../domain/session-id.ts';
import { sha256 } from '../kernel/digest.ts';
import type { ReadRecord } from '../projections/inline/credential-record.ts';
import { sessionCookieName } from './cookie-names.ts';
import type { StrategyDependencies } from './family.ts';
import {
  authenticateSession,
  cookieKeysOf,
  endCarriedSession,
  koaSessionStrategy,
  mountKoaSession,
  type SessionExchange,
  sessionLifetimeMillis,
} from './koa-session.ts';
import { createSessionStore } from './session-store.ts';
import type { Authentication, HostApplication, LoginResult, Strategy, Subject, Traits } from './strategy.ts';

export interface ServerSessionOptions {
  readonly name: string;
  /** With `signature` the cookie is signed, without it is not. */
  readonly traits: Traits;
  readonly dependencies: StrategyDependencies;
  /** Asked once for each request that carries a handle. */
  readonly read: ReadRecord;
}

export function createServerSession({ name, traits, dependencies, read }: ServerSessionOptions): Strategy {
  const { context, keys } = dependencies;
  const cookieName = sessionCookieName(name);
  const livesMillis = sessionLifetimeMillis(context.policy);
  const { store, laterEndOf } = createSessionStore(context, name, read);
  /** The handle of a login under way, until koa-session asks for it. Nobody else has an id: no login, no session. */
  const handles = new WeakMap<object, string>();

  function mount(application: HostApplication): void {
    const isSigned = traits.signature !== undefined;
    const cookieKeys = isSigned ? cookieKeysOf(keys, name) : null;
    const genid = (exchange: object): string => handles.get(exchange) ?? '';
    mountKoaSession(application, { cookieName, cookieKeys, livesMillis, store, genid });
  }

  function authenticate(exchange: SessionExchange): Authentication {
    const authentication = authenticateSession(exchange, cookieName);
    const later = authentication.ok ? laterEndOf(exchange) : null;
    // Which also has koa-session save the session. What was refused has not been used.
    if (later !== null && exchange.session !== null) exchange.session.maxAge = later - context.clock.wallMillis();
    return authentication;
  }

  async function login(exchange: SessionExchange, { sub, roles }: Subject): Promise<LoginResult> {
    await endCarriedSession({ traits, context, cookieName }, exchange, 'replaced-by-login');
    const partition = context.log.partitionOfUser(sub);
    const sid = newSessionId(partition, context.random);
    const handle = newHandle(partition, context.random);
    const record = { digest: sha256(handle), lives: 'session' } as const;
    const { revocation } = traits;
    const started = await startSession(context, { sid, sub, roles, strategy: name, revocation, record });
    if (!started.ok) return started;
    handles.set(exchange, handle);
    exchange.session = { sub, sid, roles: started.roles };
    await exchange.session?.regenerate();
    return { ok: true, grant: { tokenType: 'Cookie', expiresInSeconds: Math.floor(livesMillis / 1000) } };
  }

  return koaSessionStrategy({ name, traits, context, cookieName, mount, login, authenticate });
}
