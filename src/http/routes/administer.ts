/** `POST /admin/users/{sub}/revoke | disable | enable | roles`: what an administrator does about one user. */

import { isUsername } from '../../identity/password-users.ts';
import { isRole, maximumRoles } from '../../identity/roles.ts';
import type { Administration } from '../accounts.ts';
import { textsIn } from '../json-members.ts';
import { answerProblem } from '../problems.ts';
import type { StrategyContext, StrategyMiddleware } from '../strategy-context.ts';

/** 204 once the command for the user that the path names is durable; the name has the shape of one before it is used. */
export function commandUser(command: (sub: string) => Promise<void>): StrategyMiddleware {
  return async function commandUser(context) {
    const sub = subIn(context);
    if (sub === null) {
      answerProblem(context, 'malformed-request');
      return;
    }
    await command(sub);
    context.status = 204;
  };
}

/** `{"roles":[…]}` replaces all the user had. */
export function changeRoles(administration: Administration): StrategyMiddleware {
  return async function changeRoles(context) {
    const sub = subIn(context);
    const roles = textsIn(context.request.body, 'roles');
    if (sub === null || roles === null || roles.length > maximumRoles || !roles.every(isRole)) {
      answerProblem(context, 'malformed-request');
      return;
    }
    await administration.changeRoles(sub, [...new Set(roles)]);
    context.status = 204;
  };
}

function subIn(context: StrategyContext): string | null {
  const sub: unknown = context.params.sub;
  return typeof sub === 'string' && isUsername(sub) ? sub : null;
}
