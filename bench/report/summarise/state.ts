/** What a session and a revocation occupy, and what it takes to start a node that has to know the revocations. */

import type { NodeStart, StateMeasured } from '../../record/state-events.ts';
import { type Interval, meanInterval } from '../../statistics/interval.ts';
import type { Figure } from './figure.ts';
import { figureFor, type Subject } from './measure-figure.ts';
import { intervalOf } from './verdicts.ts';

export interface StateResults {
  readonly contestant: string;
  readonly state: Figure<StateSummary>;
}

export interface StateSummary {
  readonly sessions: number;
  /** Redis, per session that was begun: all that its login leaves there. */
  readonly redisBytesPerSession: number;
  /** Redis, per session that was begun and ended: the revocation, and what the log keeps of both. */
  readonly redisBytesPerEndedSession: number;
  /** Null where there are no events. */
  readonly redisBytesPerEvent: number | null;
  readonly eventsPerSession: number;
  /** Memory of a node that was started after the end of the sessions less one before the first, per session. */
  readonly nodeBytesPerRevocation: Interval | null;
  /** From start to ready, of a node that was started after the end of the sessions, less one before the first. */
  readonly rebuildMillis: Interval | null;
  /** Median of the starts before the first session. */
  readonly startMillis: number;
  readonly starts: number;
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

function summaryOf({ sessions, redisBytes, events, nodes }: StateMeasured): StateSummary {
  const { before, begun, ended } = redisBytes;
  const starts = nodes.before.map(({ readyMillis }) => readyMillis).toSorted((left, right) => left - right);
  return {
    sessions,
    redisBytesPerSession: (begun - before) / sessions,
    redisBytesPerEndedSession: (ended - before) / sessions,
    redisBytesPerEvent: events.entries === 0 ? null : events.bytes / events.entries,
    eventsPerSession: events.entries / sessions,
    nodeBytesPerRevocation: differences(nodes, ({ liveBytes }) => liveBytes / sessions),
    rebuildMillis: differences(nodes, ({ readyMillis }) => readyMillis),
    startMillis: starts[Math.floor(starts.length / 2)] ?? 0,
    starts: starts.length,
  };
}

/** Mean of the later starts less that of the earlier ones, taken in pairs in their order. Null below two. */
function differences({ before, ended }: StateMeasured['nodes'], read: (start: NodeStart) => number): Interval | null {
  const found = ended.flatMap((start, index) => {
    const earlier = before[index];
    return earlier === undefined ? [] : [read(start) - read(earlier)];
  });
  const mean = meanInterval(found);
  return mean === null ? null : intervalOf(mean);
}
