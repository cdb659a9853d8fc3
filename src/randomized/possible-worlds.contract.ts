/**
 * What may be so, and what must be so. A request without an answer has happened or has not, and a clock may be off by
 * what is allowed: the judge keeps every world that is possible, and complains only about what is right in none.
 */

import { isFollowed } from '../domain/events.ts';
import {
  type AccessToken,
  covers,
  coversToken,
  type Ending,
  type Exchange,
  type Loss,
  type Session,
} from './history.contract.ts';
import type { NodeProcess } from './node-process.contract.ts';
import {
  driftShare,
  leewayMillis,
  recoveryMillis,
  skewMillis,
  stalenessLimitMillis,
  type World,
} from './world.contract.ts';

/** S by the slowest clock that is allowed, and the millisecond that a comparison may be off. */
export const slowestStaleMillis = stalenessLimitMillis / (1 - driftShare) + 1;

/** RFC 7519 counts whole seconds, so a token may end up to one earlier than it lives. */
const roundingMillis = 1_000;

export function isSelfContained(session: Session): boolean {
  return session.traits.signature !== undefined;
}

export function looksUp(session: Session): boolean {
  return session.traits.redisCommandsPerCheck > 0;
}

/** B of SECURITY.md I1, for this ending of this session; null: there is none. */
export function boundMillis({ traits }: Session, ending: Ending): number | null {
  if (traits.bound === 'zero') return ending.isAcknowledged || !isFollowed(traits.revocation) ? 0 : slowestStaleMillis;
  return traits.bound === 'staleness-limit' ? slowestStaleMillis : null;
}

/** Beyond this moment nobody may accept the token, whichever clock he goes by. */
export function surelyExpiredAt(world: World, { session, issue }: AccessToken): number {
  const { accessTokenMillis, absoluteMillis } = world.settings.policy;
  const lives = Math.min(at(issue) + accessTokenMillis, at(session.login) + absoluteMillis);
  return lives + (isSelfContained(session) ? leewayMillis : 0) + skewMillis;
}

/** From this moment on somebody may refuse it. */
export function perhapsExpiredAt(world: World, { session, issue }: AccessToken): number {
  const { accessTokenMillis, absoluteMillis } = world.settings.policy;
  const lives = Math.min(issue.sentAt + accessTokenMillis, session.login.sentAt + absoluteMillis);
  return lives + (isSelfContained(session) ? leewayMillis : 0) - skewMillis - roundingMillis;
}

function at({ answeredAt }: Exchange): number {
  return answeredAt ?? Number.POSITIVE_INFINITY;
}

/** Whether the node's link led to a server that was no primary any more, at some time since the request was sent. */
export function wasDeposed({ process, sentAt }: Exchange): boolean {
  return process.deposedUntil >= sentAt;
}

/** A 503, and whatever else depends on the log being there, is excused: a fault acts, or its effects may last. */
export function isExcused(world: World, { process, sentAt }: Exchange): boolean {
  return world.disturbances.quietSince(process) + recoveryMillis > sentAt;
}

export function isPoisoned(world: World, session: Session | null): boolean {
  return world.poisoned.has('realm') || (session !== null && world.poisoned.has(session.partition));
}

/** Endings that may have ended the session before the request was answered. */
export function perhapsEnded(world: World, session: Session, exchange: Exchange): readonly Ending[] {
  return world.history.endings.filter(
    (ending) => ending.exchange.sentAt <= at(exchange) && covers(ending, session) !== 'no',
  );
}

export function perhapsEndedToken(world: World, token: AccessToken, exchange: Exchange): readonly Ending[] {
  return world.history.endings.filter(
    (ending) => ending.exchange.sentAt <= at(exchange) && coversToken(ending, token) !== 'no',
  );
}

/** The log came back empty after the session began. */
export function emptiedSince(world: World, session: Session, exchange: Exchange): number | null {
  const loss = world.history.losses.find(
    (lost) => lost.isEmpty && lost.at >= session.login.sentAt && lost.at <= at(exchange),
  );
  return loss?.at ?? null;
}

/** What the exchange brought may be missing from the log since. */
export function perhapsLost(world: World, issue: Exchange, exchange: Exchange): boolean {
  return world.history.losses.some(
    (loss) => loss.since <= at(issue) && loss.at >= issue.sentAt && loss.at <= at(exchange),
  );
}

/** The key that signed the token may be unknown to the node, or refused by it. */
export function perhapsWithoutKey(world: World, token: AccessToken, exchange: Exchange): boolean {
  if (token.kid === null) return false;
  const life = world.history.keys.get(token.kid);
  if (life === undefined || life.isLost) return true;
  if (life.retiredAt !== null && life.retiredAt <= at(exchange)) return true;
  if (world.history.losses.some((loss) => loss.since <= life.addedAt && loss.at <= at(exchange))) return true;
  // A node may still go by an end of the key's life that the log has lost.
  const isForgetting = (loss: Loss): boolean => loss.at <= at(exchange) && exchange.sentAt <= loss.at + recoveryMillis;
  if (world.history.losses.some(isForgetting)) return true;
  // Who asks nobody about freshness cannot tell an unknown key from a forged one.
  return !isFollowed(token.session.traits.revocation) && (isExcused(world, exchange) || world.poisoned.has('realm'));
}

/** Of a session's opaque access tokens the newest and the one before are kept. */
function perhapsSuperseded({ session, issue }: AccessToken, exchange: Exchange): boolean {
  if (session.traits.revocation !== 'record') return false;
  const tries = session.refreshTokens.flatMap(({ shown }) => shown);
  const rotations = tries.filter((shown) => {
    return shown !== issue && shown.outcome !== 'refused' && at(shown) >= issue.sentAt && shown.sentAt <= at(exchange);
  });
  return rotations.length >= 2;
}

/** Why a 401 for an access token may be right. */
export function mayRefuse(world: World, token: AccessToken, exchange: Exchange): boolean {
  const { session } = token;
  return (
    perhapsEndedToken(world, token, exchange).length > 0 ||
    perhapsExpiredAt(world, token) <= at(exchange) ||
    emptiedSince(world, session, exchange) !== null ||
    perhapsSuperseded(token, exchange) ||
    perhapsWithoutKey(world, token, exchange) ||
    (looksUp(session) && (wasDeposed(exchange) || perhapsLost(world, token.issue, exchange)))
  );
}

/** The ending has been lost as far as it may be; these nodes know it all the same, and say so for ever. */
export function isLostFor(
  world: World,
  ending: Ending,
  { session, process, isFinal }: { session: Session; process: NodeProcess; isFinal: boolean },
): boolean {
  if (ending.lost === null) return false;
  if (!isFollowed(session.traits.revocation)) return true;
  if (ending.lost.knowers.includes(process)) return false;
  // By the end every node has learnt it again, if anybody was left who knew and had not closed for good.
  return !(isFinal && !isPoisoned(world, session) && ending.lost.knowers.some(({ actor }) => !actor.isDead));
}
