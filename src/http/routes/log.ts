/** `GET /log?user=&sid=&at=&after=`: what happened, and what was so at some time, for administrators. */

import type { Administration } from '../accounts.ts';
import { answerProblem } from '../problems.ts';
import type { StrategyMiddleware } from '../strategy-context.ts';

const parameters = ['user', 'sid', 'at', 'after'] as const;

/** A parameter that stands there twice, or that is none of these, is a mistake and no wish: 400. */
export function queryLog(query: NonNullable<Administration['queryLog']>): StrategyMiddleware {
  return async function queryLog(context) {
    const given = Object.entries(context.query);
    if (!given.every(([name, value]) => isParameter(name) && typeof value === 'string')) {
      answerProblem(context, 'malformed-request');
      return;
    }
    const answer = await query(Object.fromEntries(given));
    if (answer.ok) context.body = answer.value;
    else answerProblem(context, 'malformed-request', answer.faults);
  };
}

function isParameter(name: string): boolean {
  return parameters.some((parameter) => parameter === name);
}
