/** The one door to every protected route: asks the strategy, and answers in its name when it says no (RFC 6750 3). */

import type { Authentication, Principal, Strategy } from '../strategies/strategy.ts';
import { answerProblem } from './problems.ts';
import { challenge, type StrategyContext, type StrategyMiddleware } from './strategy-context.ts';

/** A scheme and half of what Node accepts as all headers together; longer ones are not worth a signature check. */
const maximumAuthorizationCharacters = 'Bearer '.length + 8_192;

/** Who has it may administer the realm. */
const administratorRole = 'admin';

/**
 * Lets in whom the strategy lets in, and puts the principal on the context; 401 without a good credential, 503 when that
 * cannot be told. Stands right before the handler, after the body has been read: a process that was paused meanwhile
 * must not answer from the past.
 */
export function authenticated(strategy: Strategy): StrategyMiddleware {
  return async function authenticated(context, next) {
    const { authorization } = context.headers;
    if (authorization !== undefined && authorization.length > maximumAuthorizationCharacters) {
      answerProblem(context, 'credential-too-large');
      return;
    }
    if (authorization !== undefined && isSentTwice(context.req.rawHeaders)) {
      answerProblem(context, 'malformed-request');
      return;
    }
    const judged = strategy.authenticate(context);
    const authentication: Authentication = judged instanceof Promise ? await judged : judged;
    if (authentication.ok) {
      context.principal = authentication.principal;
      return next();
    }
    if (authentication.refusal === 'unknown') {
      answerProblem(context, 'unavailable');
      return;
    }
    const sent = authentication.refusal === 'invalid_token';
    context.set('WWW-Authenticate', challenge(strategy, sent ? 'invalid_token' : null));
    answerProblem(context, sent ? 'invalid-token' : 'no-credential');
  };
}

const fieldName = 'authorization';

/** Node keeps the first of two fields and says nothing; what stands before this server may have looked at the other. */
function isSentTwice(rawHeaders: readonly string[]): boolean {
  let seen = false;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length !== fieldName.length || name.toLowerCase() !== fieldName) continue;
    if (seen) return true;
    seen = true;
  }
  return false;
}

/** Lets administrators pass, by the roles that the credential carries or its record holds. Stands behind `authenticated`. */
export function administrator(strategy: Strategy): StrategyMiddleware {
  return function administrator(context, next) {
    if (principalOf(context).roles.includes(administratorRole)) return next();
    context.set('WWW-Authenticate', challenge(strategy, 'insufficient_scope'));
    answerProblem(context, 'insufficient-scope');
    return Promise.resolve();
  };
}

/** Who the request speaks for. Throws where `authenticated` was left out, so that the route answers 500 and not somebody. */
export function principalOf({ principal }: StrategyContext): Principal {
  if (principal === undefined) throw new TypeError('a protected route stands behind authenticated()');
  return principal;
}
