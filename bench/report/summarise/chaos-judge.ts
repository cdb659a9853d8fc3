/**
 * The judge of a recorded history: every answer held against the security checklist's invariants, with all worlds kept
 * that are possible. What asks the nodes from outside cannot see I13 (numbers of applied events); I11 shows only where a token's end lies in the history.
 */

import type { ChaosExchange, ChaosPerformed } from '../../record/chaos-events.ts';
import { judgeKey, perhapsWithoutKey } from './chaos-keys.ts';
import { judgeRefresh } from './chaos-refresh.ts';
import { judgeRoles, losesTokenByRoles } from './chaos-roles.ts';
import {
  type ChaosEnding,
  type ChaosSession,
  covers,
  coversToken,
  isConceded,
  isDisturbed,
  outcomeOf,
  type Timeline,
  timelineOf,
} from './chaos-timeline.ts';
import { type ChaosViolation, type Complain, invariantOf, type Token } from './chaos-violation.ts';

/** A node and whoever asks it count on one clock, but for its drift and rounding. */
const marginMillis = 5;
/** RFC 7519 counts whole seconds, so a token may end up to one earlier than it lives. */
const roundingMillis = 1_000;
const leewayMillis = 5_000;
/** Beyond the deadline, for a machine that is busy with everything else of a history. */
const machineMillis = 3_000;

/** In the order of the exchanges; the same one may break several. */
export function judgeHistory(history: ChaosPerformed): readonly ChaosViolation[] {
  const timeline = timelineOf(history);
  const violations: ChaosViolation[] = [];
  const complain: Complain = (invariant, exchange, words, because = null) => {
    const contestant = history.contestants[exchange.contestant]?.name ?? '';
    const session = exchange.session < 0 ? null : exchange.session;
    violations.push({ invariant, contestant, session, words, exchange, because });
  };
  for (const exchange of history.exchanges) judgeExchange(timeline, exchange, complain);
  judgeLastWords(timeline, complain);
  return violations;
}

function judgeExchange(timeline: Timeline, exchange: ChaosExchange, complain: Complain): void {
  const { history } = timeline;
  const { kind, status } = exchange;
  judgeTime(history, exchange, complain);
  const isForeseen = (status >= 200 && status < 300) || status === 401 || status === 503 || status === 0;
  if (!isForeseen) complain('I15', exchange, `was answered with ${status}, which nobody plans for`);
  if (
    kind !== 'last-word' &&
    outcomeOf(exchange) === 'unknown' &&
    !isDisturbed(history, exchange) &&
    !wasHeldUp(history, exchange)
  ) {
    complain('I12', exchange, `was answered with ${status} while no fault acted`);
  }
  const session = timeline.sessions.get(exchange.session);
  if (kind === 'login' && status === 401) complain('I5', exchange, 'the right password was refused');
  if (session === undefined) return;
  if (kind === 'stray' && status === 200) complain('I9', exchange, 'the token of another strategy was accepted');
  if (kind === 'replay' && status === 200)
    complain('I7', exchange, 'a refresh token was accepted two generations late');
  if (kind === 'refresh') judgeRefresh(timeline, session, exchange, complain);
  if (kind === 'probe' || kind === 'last-word') judgeUse(timeline, session, exchange, complain);
}

function judgeTime(history: ChaosPerformed, exchange: ChaosExchange, complain: Complain): void {
  const { sentMillis, answeredMillis, node, kind } = exchange;
  const stopped = history.standstills.some(
    (each) => each.node === node && each.fromMillis <= answeredMillis && sentMillis <= each.toMillis,
  );
  const isProtected = kind === 'probe' || kind === 'stray' || kind === 'last-word' || kind === 'logout';
  const limitMillis = history.deadlineMillis * (isProtected ? 1 : 2) + machineMillis;
  const tookMillis = answeredMillis - sentMillis;
  if (!stopped && tookMillis > limitMillis + machineAddedMillis(history, exchange))
    complain('I15', exchange, `took ${Math.round(tookMillis)} ms`);
}

/** What the machine was seen to add to a request that asks nobody, of the same node at the same time. */
function machineAddedMillis({ delays }: ChaosPerformed, { node, sentMillis, answeredMillis }: ChaosExchange): number {
  const own = delays.filter(
    (delay) => delay.node === node && delay.fromMillis <= answeredMillis && sentMillis <= delay.toMillis,
  );
  return own.reduce((sum, { fromMillis, toMillis }) => sum + toMillis - fromMillis, 0);
}

/** A node that comes to nothing for so long has no beats that count. */
function wasHeldUp(history: ChaosPerformed, { node, sentMillis, answeredMillis }: ChaosExchange): boolean {
  const { stalenessLimitMillis } = history;
  return history.delays.some(
    ({ node: whose, fromMillis, toMillis }) =>
      whose === node &&
      toMillis - fromMillis > stalenessLimitMillis / 2 &&
      fromMillis <= answeredMillis &&
      sentMillis <= toMillis + stalenessLimitMillis,
  );
}

function judgeUse(timeline: Timeline, session: ChaosSession, exchange: ChaosExchange, complain: Complain): void {
  const issue = session.issues[exchange.generation];
  if (issue === undefined) return;
  const token = { session, issue };
  switch (outcomeOf(exchange)) {
    case 'ok':
      judgeExpiry(timeline, token, exchange, complain);
      judgeKey(timeline, token, exchange, complain);
      judgeAcceptance(timeline, token, exchange, complain);
      judgeRoles(timeline, session, exchange, complain);
      return;
    case 'refused':
      judgeRefusal(timeline, token, exchange, complain);
      return;
    case 'unknown':
      return;
  }
}

function judgeExpiry({ history }: Timeline, { session, issue }: Token, exchange: ChaosExchange, complain: Complain) {
  if (!session.contestant.refreshes) return;
  const lateMillis = exchange.sentMillis - issue.answeredMillis - history.accessTokenLifetimeMillis - leewayMillis;
  if (lateMillis > 0)
    complain('I11', exchange, `a token was accepted ${Math.round(lateMillis)} ms after its end`, issue);
}

/** I1 to I4, I7: what has ended stays ended. */
function judgeAcceptance(timeline: Timeline, token: Token, exchange: ChaosExchange, complain: Complain): void {
  const { session, issue } = token;
  const { contestant } = session;
  const { boundMillis } = contestant;
  if (boundMillis === null || (contestant.looksUp && isConceded(timeline.history, exchange))) return;
  for (const ending of timeline.endingsOf(session)) {
    if (coversToken(ending, session, issue) !== 'yes') continue;
    const knownMillis = ending.certainMillis ?? shownMillis(timeline, token, ending);
    if (knownMillis === null) continue;
    const isShown = ending.certainMillis === null;
    const allowedMillis = isShown && contestant.follows ? timeline.history.stalenessLimitMillis : boundMillis;
    const lateMillis = exchange.sentMillis - knownMillis - allowedMillis;
    if (lateMillis <= marginMillis) continue;
    const words = `accepted ${Math.round(lateMillis)} ms later than the bound allows, after a ${ending.exchange.kind}`;
    complain(isShown ? 'I4' : invariantOf(timeline, ending, exchange), exchange, words, ending.exchange);
    return;
  }
}

/**
 * When a node first refused the token as nothing but this ending explains, though nobody acknowledged it; null: never. Where
 * primaries are replaced a node may know of what the log has lost, and tells it, but not yet to all.
 */
function shownMillis(timeline: Timeline, { session, issue }: Token, ending: ChaosEnding): number | null {
  const { history } = timeline;
  if (history.topology !== 'one' || ending.exchange.kind === 'refresh') return null;
  if (covers(ending, session) !== 'yes') return null;
  const others = timeline.endingsOf(session).filter((other) => other !== ending);
  for (const exchange of history.exchanges) {
    const isOfToken = exchange.session === session.session && session.issues[exchange.generation] === issue;
    if (!isOfToken || (exchange.kind !== 'probe' && exchange.kind !== 'last-word')) continue;
    if (outcomeOf(exchange) !== 'refused' || exchange.answeredMillis < ending.exchange.sentMillis) continue;
    const isElseExplained =
      others.some((other) => mayHaveEnded(other, session, issue, exchange)) ||
      isOtherwiseRefused(timeline, { session, issue }, exchange);
    return isElseExplained ? null : exchange.answeredMillis;
  }
  return null;
}

function mayHaveEnded(ending: ChaosEnding, session: ChaosSession, issue: ChaosExchange, at: ChaosExchange): boolean {
  return ending.exchange.sentMillis <= at.answeredMillis && coversToken(ending, session, issue) !== 'no';
}

/** I5, I10: a good token is never refused. */
function judgeRefusal(timeline: Timeline, token: Token, exchange: ChaosExchange, complain: Complain): void {
  const { session, issue } = token;
  const endings = timeline.endingsOf(session);
  if (endings.some((ending) => mayHaveEnded(ending, session, issue, exchange))) return;
  if (isOtherwiseRefused(timeline, token, exchange)) return;
  const others = endings.filter((ending) => ending.exchange.sentMillis <= exchange.answeredMillis);
  const wasHit = timeline.history.faults.some(
    ({ node, fromMillis }) => node === null && fromMillis >= issue.sentMillis && fromMillis <= exchange.answeredMillis,
  );
  const invariant = others.length > 0 ? 'I10' : wasHit && session.contestant.hasRecord ? 'I2' : 'I5';
  complain(invariant, exchange, 'a good credential was refused', issue);
}

/** By anything but the end of a session. */
function isOtherwiseRefused(timeline: Timeline, token: Token, exchange: ChaosExchange): boolean {
  const { history } = timeline;
  const { session, issue } = token;
  const { contestant } = session;
  const aged = exchange.answeredMillis - issue.sentMillis >= history.accessTokenLifetimeMillis - roundingMillis;
  if (contestant.refreshes && aged) return true;
  if ((contestant.looksUp || contestant.hasRecord) && isConceded(history, exchange)) return true;
  return (
    isSuperseded(token, exchange) ||
    losesTokenByRoles(timeline, token, exchange) ||
    perhapsWithoutKey(timeline, token, exchange)
  );
}

/** Of a session's opaque access tokens the newest and the one before are kept. */
function isSuperseded({ session, issue }: Token, exchange: ChaosExchange): boolean {
  if (!session.contestant.hasRecord || !session.contestant.refreshes) return false;
  const later = session.refreshes.filter(
    (refresh) =>
      refresh !== issue &&
      outcomeOf(refresh) !== 'refused' &&
      refresh.answeredMillis >= issue.sentMillis &&
      refresh.sentMillis <= exchange.answeredMillis,
  );
  return later.length >= 2;
}

/** I12, I14: when all is over every node knows, and all say the same. */
function judgeLastWords({ history, sessions }: Timeline, complain: Complain): void {
  const last = new Map<string, ChaosExchange>();
  for (const exchange of history.exchanges) {
    const { kind, session, generation, node } = exchange;
    if (kind === 'last-word') last.set(`${session} ${generation} ${node}`, exchange);
  }
  const first = new Map<string, ChaosExchange>();
  for (const exchange of last.values()) {
    if (!sessions.has(exchange.session)) continue;
    const key = `${exchange.session} ${exchange.generation}`;
    const other = first.get(key);
    if (outcomeOf(exchange) === 'unknown') complain('I12', exchange, 'in the end a node still cannot tell');
    else if (other === undefined) first.set(key, exchange);
    else if (other.status !== exchange.status) complain('I14', exchange, 'in the end two nodes disagree', other);
  }
}
