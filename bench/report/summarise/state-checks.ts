/** Whether the same check costs more where there are many sessions: pairs of nodes of one strategy, in two realms. */

import type { WindowSample } from '../../record/run-events.ts';
import type { Half, Halves, RedisWindow, StateCheck } from '../../record/state-events.ts';
import { type Interval, meanInterval } from '../../statistics/interval.ts';
import { intervalOf } from './verdicts.ts';

export interface StateChecks {
  /** Pairs of nodes; each counts once, however many requests it has answered. */
  readonly pairs: number;
  /** In which something else than 200 was answered, or a connection failed. */
  readonly pairsLeftOut: number;
  /** CPU of the node per request, with the sessions over without them: geometric mean. */
  readonly nodeCpuRatio: Interval;
  /** Mean CPU of the node per request, microseconds. */
  readonly nodeCpuMicros: Halves<number>;
  /** CPU of Redis per request, with less without, microseconds; null where no check asks it. */
  readonly redisCpuMicros: Interval | null;
}

/** Null below two sound pairs. */
export function summariseChecks(checks: readonly StateCheck[]): StateChecks | null {
  const sound = checks.filter(({ node }) => isSound(node.with) && isSound(node.without));
  const ratio = meanInterval(sound.map(({ node }) => Math.log(nodeCpu(node.with) / nodeCpu(node.without))));
  if (ratio === null) return null;
  const redis = meanInterval(
    sound.flatMap((check) => (check.redis === null ? [] : redisCpu(check.redis.with) - redisCpu(check.redis.without))),
  );
  const mean = (half: Half) => sound.reduce((sum, { node }) => sum + nodeCpu(node[half]), 0) / sound.length;
  return {
    pairs: sound.length,
    pairsLeftOut: checks.length - sound.length,
    nodeCpuRatio: { estimate: Math.exp(ratio.estimate), low: Math.exp(ratio.low), high: Math.exp(ratio.high) },
    nodeCpuMicros: { without: mean('without'), with: mean('with') },
    redisCpuMicros: redis === null ? null : intervalOf(redis),
  };
}

function isSound({ statuses, errors, requests }: WindowSample): boolean {
  return errors === 0 && requests > 0 && Object.keys(statuses).every((status) => status === '200');
}

function nodeCpu({ nodeCpuMicros, requests }: WindowSample): number {
  return nodeCpuMicros / requests;
}

function redisCpu({ cpuMicros, requests }: RedisWindow): number {
  return cpuMicros / requests;
}
