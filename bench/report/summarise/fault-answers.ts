/** How those who had not logged out were answered while a fault was there. */

import type { AnswerStreak, FaultInflicted, NodeAnswers } from '../../record/fault-events.ts';
import type { Observation } from './fault-accepts.ts';

export interface AnswersMeanwhile {
  /** From the beginning of the fault until it was gone. 0: no answer. */
  readonly statuses: Readonly<Record<string, number>>;
  /** When the first request was sent that was not answered with 200; null: all were. */
  readonly disturbedFromMillis: number | null;
  /** From then until every node had answered with 200 for the rest of the fault; null: none was seen to, or there was no need. */
  readonly disturbedMillis: number | null;
  /** The longest wait of those whom a node kept waiting because it was stopped; null: none was. */
  readonly stoppedMillis: number | null;
}

/** Over all trials, by the nodes that are meant; the worst of them tells how long. */
export function meanwhile(
  observations: readonly Observation[],
  isMeant: (node: number, times: FaultInflicted) => boolean,
): AnswersMeanwhile {
  const statuses: Record<string, number> = {};
  let [fromMillis, lastingMillis, stoppedMillis]: [number, number, number | null] = [Number.POSITIVE_INFINITY, 0, null];
  for (const { times, seen } of observations) {
    const valid = seen.credentials.filter(({ part }) => part === 'valid').flatMap(({ answers }) => answers);
    for (const answers of valid.filter(({ node }) => isMeant(node, times))) {
      const during = answers.streaks.filter(({ firstMillis }) => firstMillis >= 0 && firstMillis < times.endedMillis);
      for (const { status, count } of during) statuses[status] = (statuses[status] ?? 0) + count;
      const { longestWhileStoppedMillis: stopped } = answers;
      if (stopped !== null) stoppedMillis = Math.max(stoppedMillis ?? 0, stopped);
      const first = during.find(isWrong);
      if (first === undefined) continue;
      fromMillis = Math.min(fromMillis, first.firstMillis);
      lastingMillis = Math.max(lastingMillis, rightFrom(answers, during, times.endedMillis) - first.firstMillis);
    }
  }
  const isDisturbed = fromMillis < Number.POSITIVE_INFINITY;
  return {
    statuses,
    disturbedFromMillis: isDisturbed ? fromMillis : null,
    disturbedMillis: isDisturbed && lastingMillis < Number.POSITIVE_INFINITY ? lastingMillis : null,
    stoppedMillis,
  };
}

function isWrong({ status }: AnswerStreak): boolean {
  return status !== 200;
}

/** When the last wrong answer of the fault was followed by a right one; infinite where that was not before its end. */
function rightFrom({ streaks }: NodeAnswers, during: readonly AnswerStreak[], endedMillis: number): number {
  const last = during.findLast(isWrong);
  const next = last === undefined ? undefined : streaks[streaks.indexOf(last) + 1];
  return next === undefined || next.firstMillis >= endedMillis ? Number.POSITIVE_INFINITY : next.firstMillis;
}
