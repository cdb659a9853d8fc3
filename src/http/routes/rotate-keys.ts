/** `POST /admin/keys/rotate` `{"algorithm","retireOld"?}`: a new key, which signs once every node knows it. */

import type { Administration, RetireOld } from '../accounts.ts';
import { memberOf, textIn } from '../json-members.ts';
import { answerProblem } from '../problems.ts';
import type { StrategyMiddleware } from '../strategy-context.ts';

/** 202: the key is published, and its activation is under way whatever becomes of this node. */
export function rotateKeys(rotate: NonNullable<Administration['rotateKeys']>): StrategyMiddleware {
  return async function rotateKeys(context) {
    const { body } = context.request;
    const algorithm = textIn(body, 'algorithm');
    const retireOld = retirementIn(body);
    const rotated = algorithm === null || retireOld === null ? null : await rotate(algorithm, retireOld);
    if (rotated === null) {
      answerProblem(context, 'malformed-request');
      return;
    }
    context.status = 202;
    context.body = { kid: rotated.kid, activatesAt: new Date(rotated.activateAtMillis).toISOString() };
  };
}

/** Without a word the old key lives as long as what it has signed. */
function retirementIn(body: unknown): RetireOld | null {
  const given = memberOf(body, 'retireOld');
  if (given === undefined) return 'when-expired';
  return given === 'when-expired' || given === 'at-activation' ? given : null;
}
