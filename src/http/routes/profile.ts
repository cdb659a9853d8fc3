/** `GET /profile`: the protected resource, and the measured path. Nothing stands here that a request could do without. */

import type { Authentication, Strategy } from '../../strategies/strategy.ts';
import { answerProblem } from '../problems.ts';
import { challenge, type StrategyMiddleware } from '../strategy-context.ts';

/** Half of what Node accepts as all headers together; longer ones are not worth a signature check. */
const maximumAuthorizationCharacters = 8_192;

export function profile(strategy: Strategy): StrategyMiddleware {
  return async function profile(context) {
    const { authorization } = context.headers;
    if (authorization !== undefined && authorization.length > maximumAuthorizationCharacters) {
      answerProblem(context, 'credential-too-large');
      return;
    }
    const judged = strategy.authenticate(context);
    const authentication: Authentication = judged instanceof Promise ? await judged : judged;
    if (authentication.ok) {
      const { sub, sid, roles } = authentication.principal;
      context.body = { sub, sid, roles };
      return;
    }
    if (authentication.refusal === 'unknown') {
      answerProblem(context, 'unavailable');
      return;
    }
    const sent = authentication.refusal === 'invalid_token';
    context.set('WWW-Authenticate', challenge(strategy.name, strategy.traits, sent));
    answerProblem(context, sent ? 'invalid-token' : 'no-credential');
  };
}
