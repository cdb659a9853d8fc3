/** What a session and a revocation occupy, what it takes to start a node that has to know them, and whether a check feels them. */

import type { Halves, NodeStart, StateMeasured } from '../../record/state-events.ts';
import { type Interval, type MeanInterval, meanInterval } from '../../statistics/interval.ts';
import { median } from '../../statistics/quantiles.ts';
import type { Figure } from './figure.ts';
import { figureFor, type Subject } from './measure-figure.ts';
import { type StateChecks, summariseChecks } from './state-checks.ts';
import { intervalOf } from './verdicts.ts';

export interface StateResults {
  readonly contestant: string;
  readonly state: Figure<StateSummary>;
}

export interface StateSummary {
  readonly sessions: number;
  /** Redis, per session that was begun: all that its login leaves there. */
  readonly redisBytesPerSession: number;
  /**
   * Redis, per session that was begun and ended: the revocation, and what the log keeps of both. Null, as are those of a
   * node, where the sessions live.
   */
  readonly redisBytesPerEndedSession: number | null;
  /** Null where there are no events. */
  readonly redisBytesPerEvent: number | null;
  readonly eventsPerSession: number;
  /** Memory of a node in the realm with the ended sessions less one in the realm without, per session. */
  readonly nodeBytesPerRevocation: Interval | null;
  /** From start to ready, with less without. */
  readonly rebuildMillis: Interval | null;
  /** How often the bare reading of the records that a node rebuilds from fits into that. Null where there are none. */
  readonly rebuildOverBareReading: Interval | null;
  /** Mean time of the bare reading. Null where there are no records. */
  readonly bareReadingMillis: Interval | null;
  /** Records in the index of revocations. */
  readonly revocationRecords: number;
  /** By how much an event loop came late until its node was ready: the worst of all starts. */
  readonly longestPauseMillis: Halves<number>;
  /** Median of the starts without. */
  readonly startMillis: number;
  readonly starts: number;
  /** Null where the scenario does not ask, or nothing sound was seen. */
  readonly checks: StateChecks | null;
}

export function summariseState(subjects: readonly Subject[]): StateResults[] {
  return subjects.map((subject) => {
    const measured = subject.events.find((event) => event.type === 'StateMeasured');
    const summary = measured === undefined ? null : summaryOf(measured);
    // The reference keeps nothing, and is not asked.
    return {
      contestant: subject.contestant,
      state: figureFor(summary, 'state', subject, subject.contestant !== 'none'),
    };
  });
}

function summaryOf({ sessions, redisBytes, events, nodes, bareReading, checks }: StateMeasured): StateSummary {
  const { before, begun, ended } = redisBytes;
  const rebuilds = differences(nodes, ({ readyMillis }) => readyMillis);
  const bare = bareReading.records === 0 ? [] : bareReading.millis;
  const pauses = (half: readonly NodeStart[]) => Math.max(0, ...half.map((start) => start.longestPauseMillis));
  const whereEnded = <Value>(value: Value): Value | null => (ended === null ? null : value);
  return {
    sessions,
    redisBytesPerSession: (begun - before) / sessions,
    redisBytesPerEndedSession: ended === null ? null : (ended - before) / sessions,
    redisBytesPerEvent: events.entries === 0 ? null : events.bytes / events.entries,
    eventsPerSession: events.entries / sessions,
    nodeBytesPerRevocation: whereEnded(mean(differences(nodes, ({ liveBytes }) => liveBytes / sessions))),
    rebuildMillis: whereEnded(mean(rebuilds)),
    rebuildOverBareReading: mean(bare.flatMap((millis, index) => (rebuilds[index] ?? 0) / millis)),
    bareReadingMillis: mean(bare),
    revocationRecords: bareReading.records,
    longestPauseMillis: { without: pauses(nodes.without), with: pauses(nodes.with) },
    startMillis: median(nodes.without.map(({ readyMillis }) => readyMillis)),
    starts: nodes.without.length,
    checks: summariseChecks(checks),
  };
}

/** With less without, of each pair. */
function differences(nodes: Halves<readonly NodeStart[]>, read: (start: NodeStart) => number): number[] {
  return nodes.with.flatMap((start, index) => {
    const other = nodes.without[index];
    return other === undefined ? [] : [read(start) - read(other)];
  });
}

/** Null below two. */
function mean(values: readonly number[]): Interval | null {
  const found: MeanInterval | null = meanInterval(values);
  return found === null ? null : intervalOf(found);
}
