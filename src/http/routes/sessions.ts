/** `GET /auth/sessions` and `DELETE /auth/sessions/{sid}`: a user's own sessions. */

import type { Strategy } from '../../strategies/strategy.ts';
import type { Accounts } from '../accounts.ts';
import { principalOf } from '../authenticated.ts';
import type { StrategyMiddleware } from '../strategy-context.ts';

export interface SessionsBody {
  /** Newest first. */
  readonly sessions: readonly {
    readonly sid: string;
    readonly strategy: string;
    /** RFC 3339, as the other one. */
    readonly startedAt: string;
    readonly expiresAt: string;
    /** Whether this request came with it. */
    readonly current: boolean;
  }[];
}

export function listSessions(accounts: Accounts): StrategyMiddleware {
  return async function listSessions(context) {
    const { sub, sid: currentSid } = principalOf(context);
    const listed = await accounts.sessionsOf(sub);
    const body: SessionsBody = {
      sessions: listed.map(({ sid, strategy, startedAtMillis, expiresAtMillis }) => ({
        sid,
        strategy,
        startedAt: new Date(startedAtMillis).toISOString(),
        expiresAt: new Date(expiresAtMillis).toISOString(),
        current: sid === currentSid,
      })),
    };
    context.body = body;
  };
}

/**
 * 204 says that no session of this user lives under that name any more, as RFC 7009 2.2 has it. So an ended session, an
 * unknown one, one of somebody else and a name that none can have are all answered alike, and nobody learns which
 * sessions exist; somebody else's goes on.
 */
export function endSession(strategy: Strategy, accounts: Accounts): StrategyMiddleware {
  return async function endSession(context) {
    const { sub, sid } = principalOf(context);
    const named: string = context.params.sid;
    await accounts.endSession({ sub, sid, revocation: strategy.traits.revocation }, named);
    if (named === sid) strategy.forget(context);
    context.status = 204;
  };
}
