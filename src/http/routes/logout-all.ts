/** `POST /auth/logout-all`: ends every session of the user, this one too. 204 only once the end is durable. */

import type { Strategy } from '../../strategies/strategy.ts';
import type { Accounts } from '../accounts.ts';
import { principalOf } from '../authenticated.ts';
import type { StrategyMiddleware } from '../strategy-context.ts';

export function logoutAll(strategy: Strategy, accounts: Accounts): StrategyMiddleware {
  return async function logoutAll(context) {
    const { sub, sid } = principalOf(context);
    await accounts.endAllSessions({ sub, sid, revocation: strategy.traits.revocation });
    strategy.forget(context);
    context.status = 204;
  };
}
