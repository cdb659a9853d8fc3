/** `POST /auth/password`: another password, shown the present one. The user's other sessions end, this one goes on. */

import type { IdentityProvider } from '../../identity/identity-provider.ts';
import type { LoginLimits } from '../../identity/login-limits.ts';
import { hashPassword, isNewPassword } from '../../identity/password-users.ts';
import type { Strategy } from '../../strategies/strategy.ts';
import type { Accounts } from '../accounts.ts';
import { principalOf } from '../authenticated.ts';
import { textIn } from '../json-members.ts';
import { withinLimits } from '../password-attempt.ts';
import { answerProblem } from '../problems.ts';
import { challenge, type StrategyMiddleware } from '../strategy-context.ts';

interface Parts {
  readonly accounts: Accounts;
  readonly identity: IdentityProvider;
  readonly limits: LoginLimits;
}

export function changePassword(strategy: Strategy, { accounts, identity, limits }: Parts): StrategyMiddleware {
  return async function changePassword(context) {
    const current = textIn(context.request.body, 'current');
    const next = textIn(context.request.body, 'next');
    if (current === null || next === null) {
      answerProblem(context, 'malformed-request');
      return;
    }
    if (!isNewPassword(next)) {
      answerProblem(context, 'unfit-password');
      return;
    }
    const { sub, sid } = principalOf(context);
    // A stolen session is no way to guess the password behind it: counted as at login.
    await withinLimits(limits, context, sub, async () => {
      const user = await identity.verify(sub, current);
      if (user?.sub !== sub) {
        context.set('WWW-Authenticate', challenge(strategy, null));
        answerProblem(context, 'wrong-password');
        return false;
      }
      await accounts.changePassword({ sub, keptSid: sid, passwordHash: await hashPassword(next) });
      context.status = 204;
      return true;
    });
  };
}
