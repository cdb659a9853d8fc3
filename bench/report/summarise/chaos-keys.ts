/** I16: a token is accepted while its key is, give or take the staleness limit. Every rotation here retires the old key when the new one signs. */

import type { ChaosExchange } from '../../record/chaos-events.ts';
import { isDisturbed, outcomeOf, type Timeline } from './chaos-timeline.ts';
import type { Complain, Token } from './chaos-violation.ts';

const marginMillis = 5;

/** That a newer key has signed proves that the older ones were retired before. */
export function judgeKey(timeline: Timeline, { session, issue }: Token, exchange: ChaosExchange, complain: Complain) {
  const { history } = timeline;
  const key = issue.gained?.key ?? null;
  if (key === null || !session.contestant.isSigned) return;
  const proof = firstBeyond(timeline, key);
  if (proof === null) return;
  const lateMillis = exchange.sentMillis - proof.answeredMillis - history.stalenessLimitMillis;
  if (lateMillis <= marginMillis) return;
  // Who asks nobody about freshness goes on by the keys it has while it is out of touch.
  if (!session.contestant.follows && exchange.kind !== 'last-word' && isDisturbed(history, exchange)) return;
  complain('I16', exchange, `accepted ${Math.round(lateMillis)} ms after its key was retired`, proof);
}

/** The first to bring a token that a newer key had signed. */
function firstBeyond({ history }: Timeline, key: number): ChaosExchange | null {
  const brought = history.exchanges.filter(({ gained }) => (gained?.key ?? -1) > key);
  return brought.toSorted((left, right) => left.answeredMillis - right.answeredMillis)[0] ?? null;
}

/** The key that signed it may have been retired, or be unknown yet to a node that is out of touch. */
export function perhapsWithoutKey(timeline: Timeline, { session, issue }: Token, exchange: ChaosExchange): boolean {
  const { history, rotations } = timeline;
  const key = issue.gained?.key ?? null;
  if (key === null || !session.contestant.isSigned) return false;
  if (!session.contestant.follows && exchange.kind !== 'last-word' && isDisturbed(history, exchange)) return true;
  // A rotation retires what had signed before it, some time after it was asked for, unless its key is that of the token.
  const before = rotations.filter(({ sentMillis }) => sentMillis <= exchange.answeredMillis);
  const provenMillis = firstIssueOf(timeline, key);
  return (
    before.some((rotation) => rotation.sentMillis >= provenMillis || outcomeOf(rotation) !== 'ok') ||
    key < before.length
  );
}

function firstIssueOf({ history }: Timeline, key: number): number {
  return history.exchanges.find(({ gained }) => gained?.key === key)?.sentMillis ?? 0;
}
