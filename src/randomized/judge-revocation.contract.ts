/**
 * I1 to I4, I7: what has ended stays ended.
 *
 * - **I1** Once a revocation has been acknowledged at T, no node accepts the access token in a request sent later than
 *   T + B. B is 0 for `reference-token`, `denylist`, `epoch` and `hybrid-strict`, S for `hybrid`, none for `jwt`. Holds
 *   under every fault of this folder, but for two that are declared: look-ups at a server that has been deposed and
 *   does not know it yet (they read, and reading proves nothing), and what I2 lets be lost.
 * - **I2** What was acknowledged, a login and a refresh included, is not lost: with `replicas: 1` (of two data nodes) by no promotion and no restart; with
 *   `replicas: 0` a crash may lose what the disk or the replica did not have. Even then a node that knew a followed
 *   revocation goes on refusing, and tells the log again: when all is well, everybody refuses again, if one that knew is left.
 * - **I3** A 2xx for a revocation means that it is in the log.
 * - **I4** What a node has once refused as revoked nobody accepts again (after B): also not because the log came back empty.
 *   A revocation that nobody acknowledged but a node has shown counts as done, unless a crash may have lost it.
 * - **I7** A refresh token shown after it was used up, out of the grace, ends its family and the family's access tokens,
 *   within B of the refusal.
 */

import { isFollowed } from '../domain/events.ts';
import { readUserState } from '../projections/inline/user-state.ts';
import { type AccessToken, covers, coversToken, type Ending, type Exchange, type Session } from './history.contract.ts';
import {
  boundMillis,
  emptiedSince,
  isLostFor,
  looksUp,
  mayRefuse,
  perhapsEndedToken,
  perhapsLost,
  slowestStaleMillis,
  wasDeposed,
} from './possible-worlds.contract.ts';
import { Violation } from './violation.contract.ts';
import type { World } from './world.contract.ts';

/** The request was answered with 200, and must not have been. */
export function judgeAcceptance(world: World, token: AccessToken, exchange: Exchange, isFinal: boolean): void {
  const { session } = token;
  const isStaleRead = looksUp(session) && wasDeposed(exchange);
  if (isStaleRead) return;
  for (const ending of world.history.endings) {
    if (ending.certainAt === null || coversToken(ending, token) !== 'yes') continue;
    const bound = boundMillis(session, ending);
    if (bound === null || exchange.sentAt < ending.certainAt + bound) continue;
    if (isLostFor(world, ending, { session, process: exchange.process, isFinal })) continue;
    // The end of all sessions names those that the log knows; one whose login it has lost it cannot name.
    if (ending.session === null && perhapsLost(world, session.login, ending.exchange)) continue;
    const late = Math.round(exchange.sentAt - ending.certainAt);
    complain(world, ending, session, `accepted ${late} ms after it had ended by ${ending.kind}`);
  }
  judgeFormerLog(world, token, exchange);
}

/** A log that came back empty has forgotten what it revoked, so nothing that was issued before it is accepted. */
function judgeFormerLog(world: World, { session, issue }: AccessToken, exchange: Exchange): void {
  const emptiedAt = emptiedSince(world, session, exchange);
  if (session.traits.revocation === 'none' || emptiedAt === null) return;
  if (issue.answeredAt === null || issue.answeredAt > emptiedAt) return;
  const bound = isFollowed(session.traits.revocation) ? slowestStaleMillis : 0;
  if (exchange.sentAt < emptiedAt + bound) return;
  const words = `accepted ${Math.round(exchange.sentAt - emptiedAt)} ms after the log came back empty`;
  throw new Violation('I4', `${session.strategy}: a token issued before was ${words}`);
}

/** A refresh was answered with 200: the log itself has decided, so there is no bound. */
export function judgeRefreshAcceptance(world: World, session: Session, exchange: Exchange, own: Ending): void {
  if (wasDeposed(exchange)) return;
  for (const ending of world.history.endings) {
    if (ending === own || ending.certainAt === null || ending.lost !== null) continue;
    if (covers(ending, session) !== 'yes' || exchange.sentAt < ending.certainAt) continue;
    complain(world, ending, session, `refreshed after it had ended by ${ending.kind}`);
  }
  const emptiedAt = emptiedSince(world, session, exchange);
  if (emptiedAt === null || emptiedAt < (session.login.answeredAt ?? 0) || exchange.sentAt < emptiedAt) return;
  throw new Violation('I4', `${session.strategy}: a session of before was refreshed after the log came back empty`);
}

function complain(world: World, ending: Ending, session: Session, words: string): never {
  const message = `${session.strategy}: a session was ${words}`;
  if (ending.kind === 'reuse') throw new Violation('I7', message);
  if (!ending.isAcknowledged) throw new Violation('I4', message);
  if (!isAliveInLog(world, session)) throw new Violation('I1', message);
  const hasCrashed = world.crashedAt.some((at) => at >= ending.exchange.sentAt);
  throw new Violation(hasCrashed ? 'I2' : 'I3', `${message}, and the log does not know of it`);
}

function isAliveInLog(world: World, { user, sid, partition }: Session): boolean {
  return readUserState(world.primary.memory.readUser(partition, user)).sessions[sid] !== undefined;
}

/** A 401 that only one thing can explain proves that this has happened, though nobody acknowledged it. */
export function learnFromRefusal(world: World, token: AccessToken, exchange: Exchange): void {
  const explaining = perhapsEndedToken(world, token, exchange);
  const [ending, ...others] = explaining;
  if (ending === undefined || others.length > 0 || ending.certainAt !== null) return;
  if (coversToken(ending, token) !== 'yes' || world.history.losses.length > 0 || wasDeposed(exchange)) return;
  // A node may know of what a crash has taken from the log: it will tell, but not yet to all.
  if (world.crashedAt.some((at) => at >= ending.exchange.sentAt)) return;
  const { endings } = world.history;
  const at = endings.indexOf(ending);
  endings.splice(at, 1);
  const isElseExplained = mayRefuse(world, token, exchange);
  endings.splice(at, 0, ending);
  if (!isElseExplained) ending.certainAt = exchange.answeredAt;
}
