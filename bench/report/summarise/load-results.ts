/** What the pairs of windows under load gave, as `results.json` has it. */

import type { CostVerdict, RatioVerdict } from '../../statistics/comparison.ts';
import type { Interval, MedianInterval } from '../../statistics/interval.ts';
import type { Background } from './background.ts';
import type { RequestsPerTurn } from './requests-per-turn.ts';

/** Per request of the contestant, less the same of the reference in the adjacent window; means over pairs. */
export interface CostOfCheck {
  readonly pairs: number;
  /** CPU time of the node's process. The headline. */
  readonly nodeCpuMicros: Interval;
  /** Not less the reference: what a whole request costs the node. */
  readonly nodeCpuMicrosWhole: Interval;
  readonly redisCpuMicros: Interval;
  /** Both together: what the check costs, wherever it is paid. */
  readonly nodeAndRedisCpuMicros: Interval;
  readonly redisCommands: Interval;
  readonly redisNetworkBytes: Interval;
  /** Null where Node did not count the turns. */
  readonly requestsPerTurn: RequestsPerTurn | null;
  /** What the nodes do by themselves, which is not in the costs; absent where it was not measured. */
  readonly background?: Background;
  /** Of nodeCpuMicros against the reference, after Holm; null for the reference itself. */
  readonly verdict: CostVerdict | null;
  readonly adjustedPValue: number | null;
}

export interface Throughput {
  readonly pairs: number;
  /** Geometric mean over pairs of (contestant / reference in the adjacent window). */
  readonly ratioToReference: Interval;
  /** Median over windows; its interval exists from six on. */
  readonly requestsPerSecond: MedianInterval;
  readonly verdict: RatioVerdict | null;
  readonly adjustedPValue: number | null;
}

/** Closed loop, from send, all sound windows together. Microseconds. */
export interface LatencySummary {
  readonly requests: number;
  readonly p50Micros: number;
  readonly p90Micros: number | null;
  readonly p99Micros: number | null;
  readonly maxMicros: number;
  /** Of the reference, in the adjacent windows. */
  readonly referenceP50Micros: number;
  readonly referenceP99Micros: number | null;
}

export interface CostComparison {
  readonly left: string;
  readonly right: string;
  readonly rounds: number;
  /** Left less right, node CPU per request. */
  readonly nodeCpuMicros: Interval;
  readonly adjustedPValue: number;
  /** Of the left one. */
  readonly verdict: CostVerdict;
  /** The same with the CPU of Redis; these verdicts are corrected among themselves. */
  readonly withRedis: {
    readonly cpuMicros: Interval;
    readonly adjustedPValue: number;
    readonly verdict: CostVerdict;
  };
}
