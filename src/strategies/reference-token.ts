/** `reference-token`: an opaque bearer token whose record in Redis is read on every request, beside a refresh token. */

import { newHandle, partitionOf } from '../domain/session-id.ts';
import type { PlainFamily, StrategyDependencies } from './family.ts';
import { readOpaqueCredential } from './opaque-credential.ts';
import { invalidToken, noCredential } from './outcomes.ts';
import type { Authentication, Exchange, Strategy, Traits } from './strategy.ts';
import { TokenSession } from './token-session.ts';

const traits: Traits = {
  family: 'reference-token',
  transport: 'bearer',
  stateLocation: 'redis',
  redisCommandsPerCheck: 1,
  revocation: 'record',
  bound: 'zero',
  logoutRefuses: 'its-own',
  rolesChange: 'at-once',
  refresh: true,
  withoutRedis: 'refuses',
  failsByDesign: [],
};

function create(name: string, dependencies: StrategyDependencies): Strategy {
  const { context } = dependencies;
  const tokens = new TokenSession({
    name,
    revocation: traits.revocation,
    format: {
      kind: 'opaque',
      tokenOf: (sid, secret) => newHandle(partitionOf(sid), secret),
      sessionOf: (accessToken) => readOpaqueCredential(context, name, accessToken),
    },
    dependencies,
  });

  async function lookUp(accessToken: string): Promise<Authentication> {
    const facts = await readOpaqueCredential(context, name, accessToken);
    if (facts === null) return invalidToken;
    const { sub, sid, roles } = facts;
    return { ok: true, principal: { sub, sid, roles } };
  }

  return {
    name,
    traits,
    login: (exchange, subject) => tokens.login(exchange, subject),
    authenticate(exchange: Exchange) {
      const accessToken = tokens.accessTokenOf(exchange);
      return accessToken === undefined ? noCredential : lookUp(accessToken);
    },
    refresh: (exchange) => tokens.refresh(exchange),
    logout: (exchange) => tokens.logout(exchange),
    forget: (exchange) => tokens.forget(exchange),
  };
}

export const referenceToken: PlainFamily = { signed: false, traits, create };
