/** `POST /auth/logout`: ends this session. 204 only once the end is durable; a session that is over already is 204 too. */

import type { Strategy } from '../../strategies/strategy.ts';
import type { StrategyMiddleware } from '../strategy-context.ts';

export function logout(strategy: Strategy): StrategyMiddleware {
  return async function logout(context) {
    await strategy.logout(context);
    context.status = 204;
  };
}
