/**
 * I5, I9, I10, I11, I16: what is good is accepted, and nothing else.
 *
 * - **I5** A good token is never refused: 401 needs a reason that may be so (an end that was asked for, expiry by some
 *   clock, a key that was retired, a log that lost the session). 503 needs a fault that acts, or ended less than R ago.
 * - **I9** A credential is accepted by the strategy that issued it, and by no other.
 * - **I10** A logout ends its session, a logout-all the user's sessions begun before it (also in the same millisecond); no
 *   other session of anybody. It is the reason given when a 401 breaks I5 while something else was being ended.
 * - **I11** Nothing is accepted after its end: of the token and its leeway, of the session, of inactivity.
 * - **I16** A token whose key was retired is accepted by nobody later than S after the event; by strategies that do not
 *   ask how fresh the node's keys are, not while the node is in touch with the log.
 */

import { isFollowed } from '../domain/events.ts';
import type { AccessToken, Exchange } from './history.contract.ts';
import { isExcused, looksUp, mayRefuse, slowestStaleMillis, surelyExpiredAt } from './possible-worlds.contract.ts';
import { demand, Violation } from './violation.contract.ts';
import type { World } from './world.contract.ts';

export function judgeRefusal(world: World, token: AccessToken, exchange: Exchange): void {
  if (mayRefuse(world, token, exchange)) return;
  const { user, strategy } = token.session;
  const others = world.history.endings.filter((ending) => ending.exchange.sentAt <= (exchange.answeredAt ?? 0));
  const isForgotten = looksUp(token.session) && world.crashedAt.some((at) => at >= token.issue.sentAt);
  const invariant = isForgotten ? 'I2' : others.some((ending) => ending.user === user) ? 'I10' : 'I5';
  throw new Violation(invariant, `${strategy}: a good token was refused by ${exchange.process.actor.name}`);
}

export function judgeExpiry(world: World, token: AccessToken, exchange: Exchange): void {
  const lateMillis = exchange.sentAt - surelyExpiredAt(world, token);
  demand(
    lateMillis <= 0,
    'I11',
    () => `${token.session.strategy}: a token was accepted ${lateMillis} ms after its end`,
  );
}

export function judgeSeparation(token: AccessToken, strategy: string, exchange: Exchange): void {
  demand(exchange.outcome !== 'ok', 'I9', () => `${strategy} accepted a token of ${token.session.strategy}`);
}

export function judgeKey(world: World, { session, kid }: AccessToken, exchange: Exchange): void {
  const retiredAt = kid === null ? null : (world.history.keys.get(kid)?.retiredAt ?? null);
  if (retiredAt === null || exchange.sentAt <= retiredAt + slowestStaleMillis) return;
  const asks = isFollowed(session.traits.revocation);
  if (!asks && (isExcused(world, exchange) || world.poisoned.has('realm'))) return;
  const lateMillis = Math.round(exchange.sentAt - retiredAt);
  throw new Violation('I16', `${session.strategy}: accepted ${lateMillis} ms after its key was retired`);
}
