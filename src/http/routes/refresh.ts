/** `POST /auth/refresh`: a used-up access token for a new one, the refresh token for its successor (RFC 9700 4.14). */

import type { Strategy } from '../../strategies/strategy.ts';
import { answerProblem } from '../problems.ts';
import { challenge, type StrategyMiddleware } from '../strategy-context.ts';
import { grantBody } from './grant-body.ts';

type RefreshingStrategy = Strategy & Required<Pick<Strategy, 'refresh'>>;

export function canRefresh(strategy: Strategy): strategy is RefreshingStrategy {
  return strategy.refresh !== undefined;
}

export function refresh(strategy: RefreshingStrategy): StrategyMiddleware {
  return async function refresh(context) {
    const result = await strategy.refresh(context);
    if (result.ok) {
      context.body = grantBody(result.grant);
      return;
    }
    context.set('WWW-Authenticate', challenge(strategy, null));
    answerProblem(context, 'invalid-grant');
  };
}
