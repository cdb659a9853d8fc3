/** `session`: koa-session with its store on the log. The cookie is a handle of 256 bits, its record is read on every request. */

import { startSession } from '../application/start-session.ts';
import { terminateSession } from '../application/terminate-session.ts';
import type { TerminationReason } from '../domain/events.ts';
import { newHandle, newSessionId } from '../domain/session-id.ts';
import { sha256 } from '../kernel/digest.ts';
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
import { readOpaqueCredential } from './opaque-credential.ts';
import type { Exchange, Grant, HostApplication, Principal, Strategy, Subject, Traits } from './strategy.ts';

const traits: Traits = {
  family: 'session',
  transport: 'cookie',
  stateLocation: 'redis',
  redisCommandsPerCheck: 1,
  revocation: 'record',
  bound: 'zero',
  refresh: false,
  withoutRedis: 'refuses',
  signature: cookieSignature,
};

function create(name: string, { context, keys }: StrategyDependencies): Strategy {
  const cookieName = sessionCookieName(name);
  const livesMillis = sessionLifetimeMillis(context.policy);
  /** The handle of a login under way, until koa-session asks for it. Nobody else has an id: no login, no session. */
  const handles = new WeakMap<object, string>();

  /**
   * A login's record is written by the append that starts the session and removed by the one that ends it. koa-session
   * would write it again after the response, also when the session has been ended in between: here it cannot.
   */
  const store = {
    async get(handle: string): Promise<Principal | null> {
      const facts = await readOpaqueCredential(context, name, handle);
      return facts === null ? null : { sub: facts.sub, sid: facts.sid, roles: facts.roles };
    },
    async set(): Promise<void> {},
    async destroy(): Promise<void> {},
  };

  function mount(application: HostApplication): void {
    const cookieKey = keys.secretFor(`cookie/${name}`).toString('base64url');
    const genid = (exchange: object): string => handles.get(exchange) ?? '';
    mountKoaSession(application, { cookieName, cookieKey, livesMillis, store, genid });
  }

  async function endSessionOf(exchange: SessionExchange, reason: TerminationReason): Promise<void> {
    const session = carriedSession(exchange, cookieName);
    if (session === null) return;
    const { sub, sid } = session;
    await terminateSession(context, { sub, sid, reason, revocation: traits.revocation });
  }

  async function login(exchange: SessionExchange, { sub, roles }: Subject): Promise<Grant> {
    await endSessionOf(exchange, 'replaced-by-login');
    const partition = context.log.partitionOfUser(sub);
    const sid = newSessionId(partition, context.random);
    const handle = newHandle(partition, context.random);
    const record = { digest: sha256(handle), lives: 'session' } as const;
    await startSession(context, { sid, sub, roles, strategy: name, revocation: traits.revocation, record });
    handles.set(exchange, handle);
    exchange.session = { sub, sid, roles };
    await exchange.session?.regenerate();
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

export const session: PlainFamily = { signed: false, traits, create };
