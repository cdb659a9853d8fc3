/** Login, refresh and logout: how long each takes the client, and what node and Redis spend on it. */

import type { LifecycleMeasured, LifecycleOperation, Spending } from '../../record/lifecycle-events.ts';
import { type Interval, trimmedMeanInterval } from '../../statistics/interval.ts';
import { type Distribution, describeDistribution } from '../../statistics/quantiles.ts';
import type { Figure } from './figure.ts';
import { figureFor, type Subject } from './measure-figure.ts';
import { intervalOf } from './verdicts.ts';

export const lifecycleOperations: readonly LifecycleOperation[] = ['login', 'refresh', 'logout'];

export interface LifecycleResults {
  readonly contestant: string;
  readonly operations: Readonly<Record<LifecycleOperation, Figure<LifecycleSummary>>>;
}

/** Per operation: absolute, nothing of the reference taken off. */
export interface LifecycleSummary {
  readonly operations: number;
  /** Each is one observation of what follows the latency; an interval needs two. */
  readonly turns: number;
  readonly latencyMicros: Distribution;
  readonly nodeCpuMicros: Interval | null;
  readonly redisCpuMicros: Interval | null;
  /** Messages to Redis; at least as many as the round trips that are waited for. */
  readonly redisMessages: Interval | null;
  readonly redisCommands: Interval | null;
  readonly redisNetworkBytes: Interval | null;
}

export function summariseLifecycle(subjects: readonly Subject[]): LifecycleResults[] {
  return subjects.map((subject) => {
    const own = subject.events.filter((event) => event.type === 'LifecycleMeasured');
    const figure = (operation: LifecycleOperation) => {
      const turns = own.filter((event) => event.operation === operation);
      // Where there is no refresh, there are logins and logouts without one.
      const isAbsent = operation === 'refresh' && own.length > 0 && turns.length === 0;
      return figureFor(summaryOf(turns), 'lifecycle', subject, !isAbsent);
    };
    const operations = { login: figure('login'), refresh: figure('refresh'), logout: figure('logout') };
    return { contestant: subject.contestant, operations };
  });
}

/** Null when nothing was measured. */
function summaryOf(turns: readonly LifecycleMeasured[]): LifecycleSummary | null {
  const durations = turns.flatMap(({ durationsMicros }) => durationsMicros);
  const latencyMicros = describeDistribution(durations);
  if (latencyMicros === null) return null;
  return {
    operations: durations.length,
    turns: turns.length,
    latencyMicros,
    nodeCpuMicros: perOperation(turns, 'nodeCpuMicros'),
    redisCpuMicros: perOperation(turns, 'redisCpuMicros'),
    redisMessages: perOperation(turns, 'redisReads'),
    redisCommands: perOperation(turns, 'redisCommands'),
    redisNetworkBytes: perOperation(turns, 'redisNetworkBytes'),
  };
}

/** What the stretch of rest after each turn spent as well has nothing to do with the operations. */
function perOperation(turns: readonly LifecycleMeasured[], counter: keyof Spending): Interval | null {
  const mean = trimmedMeanInterval(
    turns.map(({ spent, resting, durationsMicros }) => (spent[counter] - resting[counter]) / durationsMicros.length),
  );
  return mean === null ? null : intervalOf(mean);
}
