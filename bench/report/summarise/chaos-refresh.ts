/** I6 to I8: one successor of a refresh token, none of what has ended, and no honest client taken for a thief. */

import type { ChaosExchange } from '../../record/chaos-events.ts';
import { type ChaosSession, covers, isConceded, outcomeOf, type Timeline } from './chaos-timeline.ts';
import { type Complain, invariantOf } from './chaos-violation.ts';

const marginMillis = 50;

export function judgeRefresh(
  timeline: Timeline,
  session: ChaosSession,
  exchange: ChaosExchange,
  complain: Complain,
): void {
  const outcome = outcomeOf(exchange);
  if (outcome === 'ok') judgeAccepted(timeline, session, exchange, complain);
  if (outcome === 'refused') judgeRefused(timeline, session, exchange, complain);
}

function judgeAccepted(timeline: Timeline, session: ChaosSession, exchange: ChaosExchange, complain: Complain): void {
  const twin = session.refreshes.find(
    ({ generation, gained }) =>
      generation === exchange.generation &&
      gained !== undefined &&
      exchange.gained !== undefined &&
      gained.refreshToken !== exchange.gained.refreshToken,
  );
  if (twin !== undefined) complain('I6', exchange, 'two successors of one refresh token', twin);
  if (isConceded(timeline.history, exchange) && exchange.sentMillis < timeline.history.finalMillis) return;
  const over = timeline
    .endingsOf(session)
    .find(
      (ending) =>
        ending.certainMillis !== null &&
        covers(ending, session) === 'yes' &&
        exchange.sentMillis > ending.certainMillis,
    );
  if (over === undefined) return;
  const isLast = exchange.sentMillis >= timeline.history.finalMillis;
  const invariant = invariantOf(timeline, over, isLast ? { ...exchange, kind: 'last-word' } : exchange);
  complain(invariant, exchange, `refreshed after a ${over.exchange.kind}`, over.exchange);
}

function judgeRefused(timeline: Timeline, session: ChaosSession, exchange: ChaosExchange, complain: Complain): void {
  const { history } = timeline;
  const isExplained = timeline
    .endingsOf(session)
    .some((ending) => ending.exchange.sentMillis <= exchange.answeredMillis && covers(ending, session) !== 'no');
  if (isExplained) return;
  const tries = session.refreshes.filter(
    ({ generation, sentMillis }) => generation === exchange.generation && sentMillis < exchange.sentMillis,
  );
  // Only the first of them may have consumed it; a repetition counts as one for so long.
  const [first] = tries;
  const isLate = exchange.answeredMillis - (first?.sentMillis ?? exchange.sentMillis);
  if (isLate > history.refreshGraceMillis - marginMillis) return;
  const issue = session.issues[exchange.generation] ?? session.login;
  const wasHit = history.faults.some(
    ({ node, fromMillis }) => node === null && fromMillis >= issue.sentMillis && fromMillis <= exchange.answeredMillis,
  );
  const invariant = tries.length > 0 ? 'I8' : wasHit ? 'I2' : 'I5';
  complain(invariant, exchange, 'an honest refresh was refused', first ?? issue);
}
