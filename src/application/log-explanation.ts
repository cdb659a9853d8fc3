/** Why a session is accepted or refused at this moment: what the log knows of it, read by its strategy's traits. */

import type { LifetimePolicy } from '../domain/policy.ts';
import { timeText } from './log-entries.ts';
import type { SessionEnd, SessionFate } from './log-sessions.ts';

/** The traits that decide what an event means for a request. A strategy's own traits fit. */
export interface StrategyFacts {
  readonly bound: 'zero' | 'staleness-limit' | 'remaining-lifetime' | 'unbounded';
  readonly rolesChange:
    | 'at-once'
    | 'within-the-staleness-limit'
    | 'at-once-by-refresh'
    | 'at-the-next-refresh'
    | 'at-the-next-login'
    | 'never';
  readonly refresh: boolean;
}

export interface ExplanationContext {
  readonly nowMillis: number;
  readonly policy: LifetimePolicy;
  /** S. */
  readonly stalenessLimitMillis: number;
  /** Null for a name that this version does not know. */
  readonly factsOf: (strategy: string) => StrategyFacts | null;
}

export interface Explanation {
  readonly sid: string;
  readonly user: string | null;
  readonly strategy: string | null;
  /** As the log has it. `expired`: nobody ended it, its time was over. */
  readonly session: 'unknown' | 'live' | 'ended' | 'expired';
  /**
   * What a node that has caught up answers to its newest credential. `refused-until-refreshed`: the session lives, that
   * credential does not. `within-the-bound`: nodes may not have heard of the end yet. `not-checked`: this strategy asks
   * nobody anything. `not-known`: a strategy this version does not have.
   */
  readonly credentials:
    | 'accepted'
    | 'refused'
    | 'refused-until-refreshed'
    | 'within-the-bound'
    | 'not-checked'
    | 'not-known';
  /** Why the session ended. */
  readonly reason: string | null;
  /** Since when it has been as `session` says. RFC 3339. */
  readonly since: string | null;
  /** When the last credential of it stops being accepted by itself, at the latest. RFC 3339. */
  readonly acceptableUntil: string | null;
  /** How its end is made known to the requests that follow. */
  readonly channel: string | null;
  /** The same for people. */
  readonly sentences: readonly string[];
}

/** Total; nothing is looked up. */
export function explainSession(sid: string, fate: SessionFate | null, context: ExplanationContext): Explanation {
  if (fate === null) return unknownSession(sid);
  const { start, end, sub } = fate;
  const facts = start === null ? null : context.factsOf(start.strategy);
  const known = { sid, user: sub, strategy: start?.strategy ?? null };
  if (end !== undefined) {
    const { credentials, acceptableUntil, sentences } = explainEnd(fate, end, facts, context);
    const said = [...beginningOf(fate), endSentence(end), ...sentences];
    return { ...known, ...endFacts(end), session: 'ended', credentials, acceptableUntil, sentences: said };
  }
  const channel = start?.revocation ?? null;
  const open = { ...known, reason: null, channel };
  const naturalEnd = naturalEndMillis(fate, facts, context.policy);
  if (naturalEnd <= context.nowMillis) {
    const since = timeText(naturalEnd);
    const credentials = facts?.bound === 'unbounded' ? 'not-checked' : 'refused';
    const said = [...beginningOf(fate), `Nobody ended it: its time was over at ${since}.`];
    return { ...open, session: 'expired', credentials, since, acceptableUntil: since, sentences: said };
  }
  const { credentials, sentences } = explainLife(fate, facts, context);
  return {
    ...open,
    session: 'live',
    credentials,
    since: timeText(fate.start?.atMillis ?? fate.issuedAtMillis),
    acceptableUntil: timeText(naturalEnd),
    sentences: [
      ...beginningOf(fate),
      ...sentences,
      `Unless it is refreshed or ended before, it ends at ${timeText(naturalEnd)}.`,
    ],
  };
}

function unknownSession(sid: string): Explanation {
  const sentences = [
    'The log does not know this session: it was never started in this realm, or its events have been trimmed.',
    'Where state is looked up it is refused; a token that verifies by itself would be accepted until it expires.',
  ];
  const nothing = { user: null, strategy: null, reason: null, since: null, acceptableUntil: null, channel: null };
  return { sid, ...nothing, session: 'unknown', credentials: 'not-known', sentences };
}

function beginningOf({ sub, start, refreshes, issuedAtMillis, reuseDetectedAtMillis }: SessionFate): readonly string[] {
  if (start === null) return [`The log has kept the end of this session of ${sub}, not its beginning.`];
  const times = refreshes === 1 ? 'once' : `${refreshes} times`;
  const refreshed = refreshes === 0 ? '' : `, refreshed ${times}, last at ${timeText(issuedAtMillis)}`;
  return [
    `${sub} logged in at ${timeText(start.atMillis)} by ${start.strategy}${refreshed}.`,
    ...(reuseDetectedAtMillis === undefined
      ? []
      : [`At ${timeText(reuseDetectedAtMillis)} a refresh token came back that had been used: somebody holds a copy.`]),
  ];
}

const reasonWords: Readonly<Record<SessionEnd['reason'], string>> = {
  logout: 'by logout',
  'replaced-by-login': 'because the same client logged in again',
  'refresh-token-reuse': 'because a used refresh token came back',
  'session-limit': 'because another login made it one too many',
  'ended-by-user': 'by its user, from another session',
  'logout-all': 'because its user logged out everywhere',
  'password-changed': 'because the password was changed in another session',
  'ended-by-admin': 'by an administrator',
  'user-disabled': 'because the user was disabled',
};

function endSentence({ atMillis, reason }: SessionEnd): string {
  return `It ended at ${timeText(atMillis)} ${reasonWords[reason] ?? `(${reason})`}.`;
}

function endFacts({ atMillis, reason, revocation }: SessionEnd) {
  return { reason, since: timeText(atMillis), channel: revocation };
}

type Judgement = Pick<Explanation, 'credentials' | 'acceptableUntil' | 'sentences'>;

function explainEnd(
  fate: SessionFate,
  end: SessionEnd,
  facts: StrategyFacts | null,
  { nowMillis, policy, stalenessLimitMillis }: ExplanationContext,
): Judgement {
  const name = fate.start?.strategy ?? 'its strategy';
  if (facts === null) {
    const until = end.acceptableUntilMillis;
    const sentences = [`What that means for ${name} is not known to this version.`];
    return { credentials: 'not-known', acceptableUntil: until === 0 ? null : timeText(until), sentences };
  }
  const goodUntilMillis = lastAcceptableMillis(fate, end, facts, policy);
  const acceptableUntil = timeText(goodUntilMillis);
  switch (facts.bound) {
    case 'zero':
      return judged('refused', null, `${name} looks it up on every request, so it has been refused since then.`);
    case 'staleness-limit': {
      const byMillis = end.atMillis + stalenessLimitMillis;
      const by = timeText(byMillis);
      if (nowMillis < byMillis) {
        return judged(
          'within-the-bound',
          by,
          `Every node refuses it from ${by} on (${name} promises ${stalenessLimitMillis} ms); some may not have heard yet.`,
        );
      }
      return judged('refused', null, `Every node has refused it since ${by} at the latest.`);
    }
    case 'remaining-lifetime': {
      if (nowMillis >= goodUntilMillis)
        return judged(
          'refused',
          acceptableUntil,
          `${name} could not refuse it, but what was issued expired by ${acceptableUntil} at the latest.`,
        );
      return judged(
        'accepted',
        acceptableUntil,
        `${name} cannot refuse it: what was issued is good until it expires, ${acceptableUntil} at the latest.`,
      );
    }
    case 'unbounded':
      return judged('not-checked', null, `${name} checks nothing: whoever asks is answered.`);
  }
}

function judged(credentials: Explanation['credentials'], acceptableUntil: string | null, sentence: string): Judgement {
  return { credentials, acceptableUntil, sentences: [sentence] };
}

/** Where nothing is refreshed the credential is the session, and lives as long. */
function lastAcceptableMillis(
  fate: SessionFate,
  end: SessionEnd,
  facts: StrategyFacts,
  policy: LifetimePolicy,
): number {
  if (!facts.refresh) return naturalEndMillis(fate, facts, policy);
  const { accessTokenMillis, leewayMillis, skewMillis } = policy;
  if (end.acceptableUntilMillis > 0) return end.acceptableUntilMillis;
  return fate.issuedAtMillis + accessTokenMillis + leewayMillis + skewMillis;
}

/** A session that lives in its credential ends by the settings, because no record of it says when. */
function naturalEndMillis(fate: SessionFate, facts: StrategyFacts | null, policy: LifetimePolicy): number {
  const { start, endsAtMillis } = fate;
  const recorded = start?.refresh !== undefined || start?.record !== undefined;
  if (recorded || facts === null || facts.refresh || start === null) return endsAtMillis;
  return Math.min(endsAtMillis, start.atMillis + policy.inactivityMillis);
}

function explainLife(fate: SessionFate, facts: StrategyFacts | null, context: ExplanationContext) {
  const name = fate.start?.strategy ?? 'its strategy';
  const said = (credentials: Explanation['credentials'], ...sentences: readonly string[]) => ({
    credentials,
    sentences: [...sentences, ...rolesSentence(fate, facts)],
  });
  if (facts === null)
    return said('not-known', `Nothing ended it. What ${name} makes of it is not known to this version.`);
  if (facts.bound === 'unbounded') return said('not-checked', `${name} checks nothing: whoever asks is answered.`);
  const { accessTokenMillis, leewayMillis } = context.policy;
  const { counterRaisedAtMillis, issuedAtMillis, start } = fate;
  if (start?.revocation === 'epoch' && counterRaisedAtMillis !== undefined) {
    return said(
      'refused-until-refreshed',
      `Nothing ended it, but its access token is refused until it is refreshed: the user's counter went up at ${timeText(counterRaisedAtMillis)}.`,
    );
  }
  const tokenEndMillis = issuedAtMillis + accessTokenMillis + leewayMillis;
  if (facts.refresh && tokenEndMillis <= context.nowMillis) {
    return said(
      'refused-until-refreshed',
      `Nothing ended it; its last access token expired at ${timeText(tokenEndMillis)}, and a refresh brings the next.`,
    );
  }
  return said('accepted', 'Nothing ended it: it is accepted.');
}

function rolesSentence({ rolesChanged }: SessionFate, facts: StrategyFacts | null): readonly string[] {
  if (rolesChanged === undefined || facts === null) return [];
  const when: Readonly<Record<StrategyFacts['rolesChange'], string>> = {
    'at-once': 'which counts for it already',
    'within-the-staleness-limit': 'which counts for it within the staleness limit',
    'at-once-by-refresh': 'which counts for it as soon as it is refreshed, and until then it is refused',
    'at-the-next-refresh': 'and it keeps the old ones until it is refreshed',
    'at-the-next-login': 'and it keeps the old ones until its user logs in again',
    never: 'which nobody asks for',
  };
  return [`The user's roles changed at ${timeText(rolesChanged.atMillis)}, ${when[facts.rolesChange]}.`];
}
