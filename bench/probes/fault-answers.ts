/** From what one node was asked with one credential to what is recorded of it: streaks of answers, and how long they took. */

import type { Standstill } from '../environment/stopped-child.ts';
import type { AnswerStreak, NodeAnswers } from '../record/fault-events.ts';
import { toMicrosecond } from './observe.ts';
import type { Probe } from './probe-log.ts';

/** All monotonic milliseconds. */
export interface AnswersContext {
  /** Of this node. */
  readonly standstills: readonly Standstill[];
  /** The moment from which the record counts. */
  readonly zeroAt: number;
  /** A streak ends at each of these, so that what lies before can be told from what lies behind. */
  readonly marksAt: readonly number[];
}

/**
 * `probes` may come in any order. A
 * request that reached a node while that was stopped counts from when the node went on: whatever it answers, it has
 * decided it since, and how long that took says nothing of the node.
 */
export function answersOf(
  node: number,
  probes: Iterable<Probe>,
  { standstills, zeroAt, marksAt }: AnswersContext,
): NodeAnswers {
  const sent = [...probes].sort((left, right) => left.sentAt - right.sentAt);
  const gaps = sent.slice(1).map(({ sentAt }, index) => sentAt - (sent[index]?.sentAt ?? sentAt));
  const isCaught = (probe: Probe) => standstills.some((each) => overlaps(probe, each));
  const decided = sent
    .map((probe) => ({ status: probe.status, fromAt: countedFrom(probe, standstills) }))
    .sort((left, right) => left.fromAt - right.fromAt);
  const caught = sent.filter(isCaught);
  return {
    node,
    streaks: streaksOf(decided, zeroAt, marksAt),
    longestMillis: longest(sent.filter((probe) => !isCaught(probe))),
    longestWhileStoppedMillis: caught.length === 0 ? null : longest(caught),
    longestGapMillis: toMicrosecond(Math.max(0, ...gaps)),
  };
}

/** When a request was sent, or when its node went on that was stopped then. */
function countedFrom({ sentAt }: Probe, standstills: readonly Standstill[]): number {
  const within = standstills.find(({ fromMillis, toMillis }) => fromMillis <= sentAt && sentAt < toMillis);
  return within?.toMillis ?? sentAt;
}

/** Whether a node was stopped between a request and its answer. */
export function overlaps({ sentAt, receivedAt }: Probe, { fromMillis, toMillis }: Standstill): boolean {
  return sentAt < toMillis && receivedAt > fromMillis;
}

function longest(probes: readonly Probe[]): number {
  return toMicrosecond(Math.max(0, ...probes.map(({ sentAt, receivedAt }) => receivedAt - sentAt)));
}

function streaksOf(
  decided: readonly { readonly status: number; readonly fromAt: number }[],
  zeroAt: number,
  marksAt: readonly number[],
): AnswerStreak[] {
  const streaks: AnswerStreak[] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const { status, fromAt } of decided) {
    const millis = toMicrosecond(fromAt - zeroAt);
    const last = streaks.at(-1);
    const isMarked = marksAt.some((mark) => before < mark && mark <= fromAt);
    before = fromAt;
    if (last?.status === status && !isMarked)
      streaks[streaks.length - 1] = { ...last, count: last.count + 1, lastMillis: millis };
    else streaks.push({ status, count: 1, firstMillis: millis, lastMillis: millis });
  }
  return streaks;
}
