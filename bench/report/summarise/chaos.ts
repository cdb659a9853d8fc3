/** Random histories as they are reported: what happened in each, and every broken promise with its shortest useful story. */

import type { ChaosExchange, ChaosFault, ChaosPerformed, ChaosTopology, Invariant } from '../../record/chaos-events.ts';
import type { RunEvent } from '../../record/run-events.ts';
import { judgeHistory } from './chaos-judge.ts';
import { outcomeOf } from './chaos-timeline.ts';
import type { ChaosViolation } from './chaos-violation.ts';

export interface ChaosResults {
  readonly seed: number;
  readonly topology: ChaosTopology;
  readonly replicas: number;
  readonly nodes: number;
  /** Who took part. */
  readonly contestants: readonly string[];
  /** Requests, the last word on every credential among them. */
  readonly requests: number;
  /** Of them: nobody knows whether they have happened. */
  readonly unknownOutcomes: number;
  readonly sessions: number;
  readonly credentials: number;
  /** Logouts, ends of all of a user's sessions and reuses that were acknowledged. */
  readonly acknowledgedEndings: number;
  readonly rotations: number;
  /** In their order. */
  readonly faults: readonly ChaosFault[];
  /** From the end of the last fault until newcomers were let in everywhere; null: that was given up. */
  readonly settlingMillis: number | null;
  /** Empty where every promise was kept. */
  readonly violations: readonly ChaosStory[];
}

/** One invariant, broken for one session; the exchanges that broke it after the first are only counted. */
export interface ChaosStory {
  readonly invariant: Invariant;
  readonly contestant: string;
  /** Null where it is of no session. */
  readonly session: number | null;
  readonly words: string;
  readonly exchanges: number;
  /** What the credential met, in the order of the moments. */
  readonly timeline: readonly StoryLine[];
}

export interface StoryLine {
  /** Since the history began. */
  readonly atMillis: number;
  readonly text: string;
}

export function summariseChaos(events: readonly RunEvent[]): ChaosResults[] {
  return events.filter((event) => event.type === 'ChaosPerformed').map(resultsOf);
}

function resultsOf(history: ChaosPerformed): ChaosResults {
  const { seed, topology, replicas, nodes, exchanges, faults, settledMillis } = history;
  const begun = exchanges.filter(({ gained }) => gained !== undefined);
  const lastFaultMillis = Math.max(0, ...faults.map(({ toMillis }) => toMillis));
  return {
    ...{ seed, topology, replicas, nodes, faults },
    contestants: history.contestants.map(({ name }) => name),
    requests: exchanges.length,
    unknownOutcomes: exchanges.filter((exchange) => outcomeOf(exchange) === 'unknown').length,
    sessions: begun.filter(({ kind }) => kind === 'login').length,
    credentials: begun.length,
    acknowledgedEndings: exchanges.filter(isAcknowledgedEnding).length,
    rotations: exchanges.filter((exchange) => exchange.kind === 'rotate' && outcomeOf(exchange) === 'ok').length,
    settlingMillis: settledMillis === null ? null : Math.max(0, settledMillis - lastFaultMillis),
    violations: storiesOf(history, judgeHistory(history)),
  };
}

function isAcknowledgedEnding(exchange: ChaosExchange): boolean {
  const { kind } = exchange;
  if (kind === 'replay') return outcomeOf(exchange) === 'refused';
  return (kind === 'logout' || kind === 'logout-all' || kind === 'revoke') && outcomeOf(exchange) === 'ok';
}

function storiesOf(history: ChaosPerformed, violations: readonly ChaosViolation[]): ChaosStory[] {
  const groups = new Map<string, ChaosViolation[]>();
  for (const violation of violations) {
    const key = `${violation.invariant} ${violation.contestant} ${violation.session}`;
    groups.set(key, [...(groups.get(key) ?? []), violation]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { invariant, contestant, session, words } = first;
    return [{ invariant, contestant, session, words, exchanges: group.length, timeline: linesOf(history, first) }];
  });
}

/** How the credential came to be, what it must be held against, the last word on it before, the faults between, and the break. */
function linesOf(history: ChaosPerformed, { exchange, because }: ChaosViolation): StoryLine[] {
  const issue = history.exchanges.find(
    ({ session, contestant, gained }) =>
      session === exchange.session && contestant === exchange.contestant && gained?.generation === exchange.generation,
  );
  const from = because ?? issue ?? exchange;
  const before = history.exchanges.findLast(
    (other) =>
      other.session === exchange.session &&
      other.generation === exchange.generation &&
      other.kind === 'probe' &&
      other.sentMillis < exchange.sentMillis &&
      other.sentMillis > from.sentMillis,
  );
  const told = [...new Set([issue, because, before, exchange])].flatMap((one) => (one == null ? [] : [lineOf(one)]));
  const faults = history.faults
    .filter(({ fromMillis, toMillis }) => toMillis >= from.sentMillis && fromMillis <= exchange.answeredMillis)
    .map(faultLine);
  return [...told, ...faults].toSorted((left, right) => left.atMillis - right.atMillis);
}

function lineOf({ kind, node, generation, session, status, sentMillis, answeredMillis }: ChaosExchange): StoryLine {
  const whose = session < 0 ? '' : ` of session ${session}, credential ${generation},`;
  const answer = status === 0 ? 'no answer' : `${status}`;
  const took = Math.round(answeredMillis - sentMillis);
  return { atMillis: Math.round(sentMillis), text: `${kind}${whose} at node ${node}: ${answer} after ${took} ms` };
}

function faultLine({ title, node, fromMillis, toMillis }: ChaosFault): StoryLine {
  const where = node === null ? '' : ` (node ${node})`;
  return { atMillis: Math.round(fromMillis), text: `${title}${where}, until ${Math.round(toMillis)} ms` };
}
