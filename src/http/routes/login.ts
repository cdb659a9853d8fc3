/** `POST /auth/login`: a username and a password for a session. */

import type { IdentityProvider } from '../../identity/identity-provider.ts';
import type { Strategy } from '../../strategies/strategy.ts';
import { answerProblem } from '../problems.ts';
import { challenge, type StrategyMiddleware } from '../strategy-context.ts';
import { grantBody } from './grant-body.ts';

export function login(strategy: Strategy, identity: IdentityProvider): StrategyMiddleware {
  return async function login(context) {
    const credentials = credentialsIn(context.request.body);
    if (credentials === null) {
      answerProblem(context, 'malformed-request');
      return;
    }
    const user = await identity.verify(credentials.username, credentials.password);
    if (user === null) {
      context.set('WWW-Authenticate', challenge(strategy.name, strategy.traits, false));
      answerProblem(context, 'wrong-password');
      return;
    }
    context.body = grantBody(await strategy.login(context, user));
  };
}

function credentialsIn(body: unknown): { readonly username: string; readonly password: string } | null {
  if (typeof body !== 'object' || body === null || !('username' in body) || !('password' in body)) return null;
  const { username, password } = body;
  return typeof username === 'string' && typeof password === 'string' ? { username, password } : null;
}
