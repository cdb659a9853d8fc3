/**
 * I6 to I8: refresh tokens.
 *
 * - **I6** A refresh token has one successor: whoever refreshes with it, at whichever node, gets the same one.
 * - **I7** One that its family has left behind is refused: two generations back always, the parent once the grace is over
 *   or its successor was used. (What its showing ends is judged with the revocations.)
 * - **I8** A client that tries the newest token again, because it had no answer, is never taken for a thief: not within
 *   the grace of its first try, while nobody has used the successor. A refusal needs another reason, as I5 demands: that a primary which was replaced knows
 *   nothing of the token is none.
 */

import type { Ending, Exchange, RefreshToken, Session } from './history.contract.ts';
import { emptiedSince, perhapsEnded, perhapsLost, wasDeposed } from './possible-worlds.contract.ts';
import { demand, Violation } from './violation.contract.ts';
import { skewMillis, type World } from './world.contract.ts';

/** Between the clocks of two nodes, and on the way. */
const marginMillis = skewMillis + 50;

export function judgeSuccessor(token: RefreshToken, successor: string | null): void {
  const known = token.session.refreshTokens[token.generation + 1];
  demand(known === undefined || known.text === successor, 'I6', () => 'two successors of one refresh token');
}

/** Whether the node must have taken it for a token that was left behind. */
export function isSurelyReused(world: World, { session, generation }: RefreshToken, { sentAt }: Exchange): boolean {
  const { graceMillis } = world.options;
  const successor = session.refreshTokens[generation + 1];
  if (successor?.issue.answeredAt == null || successor.issue.answeredAt > sentAt) return false;
  const next = session.refreshTokens[generation + 2];
  if (next?.issue.answeredAt != null && next.issue.answeredAt <= sentAt) return true;
  return sentAt - successor.issue.answeredAt > graceMillis + marginMillis;
}

/** Whether it cannot have been taken for one: the newest there is, tried only within the grace. */
export function isSurelyHonest(world: World, token: RefreshToken, exchange: Exchange): boolean {
  const { graceMillis } = world.options;
  const later = token.session.refreshTokens[token.generation + 1];
  const end = exchange.answeredAt ?? world.time.now;
  if (later?.shown.some(({ sentAt }) => sentAt <= end)) return false;
  const tries = token.shown.filter(({ sentAt }) => sentAt <= end);
  if (tries.length <= 1) return true;
  const first = Math.min(...tries.map(({ sentAt }) => sentAt));
  return end - first <= graceMillis - marginMillis;
}

export function judgeRefreshRefusal(world: World, token: RefreshToken, own: Ending): void {
  const { exchange } = own;
  const { session } = token;
  if (!isSurelyHonest(world, token, exchange)) return;
  const isExplained =
    perhapsEnded(world, session, exchange).some((ending) => ending !== own && !isHarmless(world, token, ending)) ||
    perhapsOver(world, token, exchange) ||
    emptiedSince(world, session, exchange) !== null ||
    perhapsLost(world, token.issue, exchange);
  if (isExplained) return;
  const isRetry = token.shown.length > 1;
  const isForgotten = world.crashedAt.some((at) => at >= token.issue.sentAt);
  const invariant = isForgotten ? 'I2' : isRetry ? 'I8' : 'I5';
  throw new Violation(invariant, `${session.strategy}: an honest refresh was refused`);
}

/** Another try of the same token at the same time: what ended nothing ends nothing because it has not been answered. */
function isHarmless(world: World, token: RefreshToken, ending: Ending): boolean {
  return token.shown.includes(ending.exchange) && isSurelyHonest(world, token, ending.exchange);
}

function perhapsOver(world: World, { session, issue }: RefreshToken, { answeredAt }: Exchange): boolean {
  const { inactivityMillis, absoluteMillis } = world.settings.policy;
  const end = Math.min(issue.sentAt + inactivityMillis, session.login.sentAt + absoluteMillis);
  return (answeredAt ?? world.time.now) >= end - marginMillis;
}

export function judgeRefreshTimes(world: World, token: RefreshToken, exchange: Exchange): void {
  const { inactivityMillis, absoluteMillis } = world.settings.policy;
  const end = Math.min(answered(token.issue) + inactivityMillis, answered(token.session.login) + absoluteMillis);
  demand(exchange.sentAt <= end + marginMillis, 'I11', () => 'a refresh token was accepted after its end');
}

function answered({ answeredAt }: Exchange): number {
  return answeredAt ?? Number.POSITIVE_INFINITY;
}

/** Whether the session lived for certain when the token was shown: then a refusal has ended it. */
export function wasSurelyAlive(world: World, session: Session, own: Ending): boolean {
  const { exchange } = own;
  return (
    perhapsEnded(world, session, exchange).every((ending) => ending === own) &&
    world.history.losses.length === 0 &&
    !wasDeposed(exchange) &&
    (exchange.answeredAt ?? 0) < session.login.sentAt + world.settings.policy.absoluteMillis - marginMillis
  );
}
