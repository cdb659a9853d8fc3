/** Changed roles in a random history: who may not be told the old ones any more, and whose access tokens end by it. */

import type { ChaosExchange } from '../../record/chaos-events.ts';
import { type ChaosSession, isConceded, outcomeOf, type Timeline } from './chaos-timeline.ts';
import type { Complain, Token } from './chaos-violation.ts';

/** A node and whoever asks it count on one clock, but for its drift and rounding. */
const marginMillis = 5;

/** Roles that were taken away are a right that was revoked. */
export function judgeRoles(
  timeline: Timeline,
  session: ChaosSession,
  exchange: ChaosExchange,
  complain: Complain,
): void {
  const { rolesChange, looksUp } = session.contestant;
  if (exchange.roles === undefined || (rolesChange !== 'at-once' && rolesChange !== 'within-the-staleness-limit'))
    return;
  if (looksUp && isConceded(timeline.history, exchange)) return;
  const boundMillis = rolesChange === 'at-once' ? 0 : timeline.history.stalenessLimitMillis;
  const changes = changesOf(timeline, session);
  const told = changes.find(({ roles }) => roles === exchange.roles);
  if (told !== undefined && outcomeOf(told) !== 'ok') return;
  const toldMillis = told?.answeredMillis ?? Number.NEGATIVE_INFINITY;
  const newer = changes.find(
    (change) =>
      outcomeOf(change) === 'ok' &&
      toldMillis < change.sentMillis &&
      change.answeredMillis + boundMillis + marginMillis < exchange.sentMillis,
  );
  if (newer !== undefined) complain('I1', exchange, 'accepted with roles that had been taken away', newer);
}

/** Where a change of roles refuses the access tokens of before. */
export function losesTokenByRoles(timeline: Timeline, { session, issue }: Token, exchange: ChaosExchange): boolean {
  if (session.contestant.rolesChange !== 'at-once-by-refresh') return false;
  return changesOf(timeline, session).some(
    (change) =>
      change.sentMillis <= exchange.answeredMillis &&
      (outcomeOf(change) === 'unknown' || issue.sentMillis <= change.answeredMillis),
  );
}

function changesOf({ history }: Timeline, { login }: ChaosSession): readonly ChaosExchange[] {
  return history.exchanges.filter(
    ({ kind, contestant, user }) => kind === 'roles' && contestant === login.contestant && user === login.user,
  );
}
