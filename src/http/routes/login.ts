/** `POST /auth/login`: a username and a password for a session. */

import type { IdentityProvider } from '../../identity/identity-provider.ts';
import type { LoginLimits } from '../../identity/login-limits.ts';
import type { Strategy } from '../../strategies/strategy.ts';
import { textIn } from '../json-members.ts';
import { withinLimits } from '../password-attempt.ts';
import { answerProblem } from '../problems.ts';
import { challenge, type StrategyMiddleware } from '../strategy-context.ts';
import { grantBody } from './grant-body.ts';

export function login(strategy: Strategy, identity: IdentityProvider, limits: LoginLimits): StrategyMiddleware {
  return async function login(context) {
    const username = textIn(context.request.body, 'username');
    const password = textIn(context.request.body, 'password');
    if (username === null || password === null) {
      answerProblem(context, 'malformed-request');
      return;
    }
    await withinLimits(limits, context, username, async () => {
      const user = await identity.verify(username, password);
      const result = user === null ? null : await strategy.login(context, user);
      if (result?.ok) {
        context.body = grantBody(result.grant);
        return true;
      }
      // A shut account looks like a wrong password, and counts like one: it is its owner's and the administrator's
      // business, and whoever could go on guessing would know that this guess was right.
      context.set('WWW-Authenticate', challenge(strategy, null));
      answerProblem(context, 'wrong-password');
      return false;
    });
  };
}
