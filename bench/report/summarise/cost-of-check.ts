/** Cost of a check: CPU, commands and bytes per request, less those of the reference in the adjacent window. */

import type { WindowSample } from '../../record/run-events.ts';
import {
  type MeanInterval,
  type StandingError,
  trimmedMeanInterval,
  withStandingError,
} from '../../statistics/interval.ts';
import { processError } from '../../statistics/process-spread.ts';
import { median } from '../../statistics/quantiles.ts';
import type { CostPair } from './background.ts';

/** Means over pairs, each with the p-value of "no difference"; verdicts come later, over all comparisons at once. */
export interface CostEstimate {
  readonly pairs: number;
  readonly nodeCpuMicros: MeanInterval;
  readonly nodeCpuMicrosWhole: MeanInterval;
  readonly redisCpuMicros: MeanInterval;
  readonly nodeAndRedisCpuMicros: MeanInterval;
  readonly redisCommands: MeanInterval;
  readonly redisNetworkBytes: MeanInterval;
}

/**
 * A node was seen to stand idle while others were measured, not between the turns of its own measurement; there it may do
 * less by itself, or more. So much of what was taken off may be wrong, as a standard deviation.
 */
export const backgroundDoubt = 0.5;

/** Null below two sound pairs. */
export function estimateCost(pairs: readonly CostPair[]): CostEstimate | null {
  const nodeCpuMicros = trimmedMeanInterval(pairs.map(nodeCpuDifference));
  const nodeCpuMicrosWhole = trimmedMeanInterval(
    pairs.map((pair) => perRequest(pair.contestantSample, 'nodeCpuMicros')),
  );
  const redisCpuMicros = differenceOf(pairs, 'redisCpuMicros');
  const nodeAndRedisCpuMicros = trimmedMeanInterval(pairs.map(bothCpuDifference));
  const redisCommands = differenceOf(pairs, 'redisCommands');
  const redisNetworkBytes = differenceOf(pairs, 'redisNetworkBytes');
  if (!nodeCpuMicros || !nodeCpuMicrosWhole || !redisCpuMicros || !nodeAndRedisCpuMicros) return null;
  if (!redisCommands || !redisNetworkBytes) return null;
  const bothSides = standingError(contestantSide(pairs), referenceSide(pairs));
  return {
    pairs: pairs.length,
    nodeCpuMicros: withStandingError(nodeCpuMicros, bothSides),
    nodeCpuMicrosWhole: withStandingError(nodeCpuMicrosWhole, standingError(contestantSide(pairs))),
    redisCpuMicros,
    // One Redis serves all of them: of its processes there is nothing to allow for.
    nodeAndRedisCpuMicros: withStandingError(nodeAndRedisCpuMicros, bothSides),
    redisCommands,
    redisNetworkBytes,
  };
}

interface CostSide {
  /** Microseconds per request. */
  readonly spent: number;
  readonly takenOff: number;
  readonly processes: number;
}

function contestantSide(pairs: readonly CostPair[]): CostSide {
  const spent = pairs.map(({ contestantSample }) => perRequest(contestantSample, 'nodeCpuMicros'));
  const takenOff = pairs.map((pair) => pair.takenOff?.contestant ?? 0);
  return { spent: median(spent), takenOff: median(takenOff), processes: processesOf(pairs) };
}

function referenceSide(pairs: readonly CostPair[]): CostSide {
  const spent = pairs.map(({ referenceSample }) => perRequest(referenceSample, 'nodeCpuMicros'));
  const takenOff = pairs.map((pair) => pair.takenOff?.reference ?? 0);
  return { spent: median(spent), takenOff: median(takenOff), processes: processesOf(pairs) };
}

/** What no number of rounds shows: what processes differ by, and what was taken off wrongly. */
function standingError(...sides: readonly CostSide[]): StandingError {
  // By what they spent before anything was taken off: an interval becomes no narrower by that.
  const whole = sides.map(({ spent, takenOff, processes }) => ({ spent: spent + takenOff, processes }));
  const { standardError, degreesOfFreedom } = processError(...whole);
  const doubts = sides.map(({ takenOff }) => (backgroundDoubt * takenOff) ** 2);
  return { standardError: Math.sqrt(doubts.reduce((sum, one) => sum + one, standardError ** 2)), degreesOfFreedom };
}

/** Processes of the contestant, and as many of its reference: few, whatever the number of rounds. */
export function processesOf(pairs: readonly CostPair[]): number {
  return new Set(pairs.map(({ process = 1 }) => process)).size;
}

/**
 * Left's cost less right's, by rounds that both have. Each cost is already less the reference beside it, so that what
 * the machine did between the two windows cancels out. Null below two common rounds.
 */
export function compareCosts(
  left: readonly CostPair[],
  right: readonly CostPair[],
  of: 'node' | 'node and Redis' = 'node',
): MeanInterval | null {
  const spent = of === 'node' ? nodeCpuDifference : bothCpuDifference;
  const rightByRound = new Map(right.map((pair) => [pair.round, spent(pair)]));
  const mean = trimmedMeanInterval(
    left.flatMap((pair) => {
      const other = rightByRound.get(pair.round);
      return other === undefined ? [] : [spent(pair) - other];
    }),
  );
  if (mean === null) return null;
  const sides = [left, right].flatMap((pairs) => [contestantSide(pairs), referenceSide(pairs)]);
  return withStandingError(mean, standingError(...sides));
}

type Counter = 'nodeCpuMicros' | 'redisCpuMicros' | 'redisCommands' | 'redisNetworkBytes';

function nodeCpuDifference(pair: CostPair): number {
  return difference(pair, 'nodeCpuMicros');
}

function bothCpuDifference(pair: CostPair): number {
  return difference(pair, 'nodeCpuMicros') + difference(pair, 'redisCpuMicros');
}

function differenceOf(pairs: readonly CostPair[], counter: Counter): MeanInterval | null {
  return trimmedMeanInterval(pairs.map((pair) => difference(pair, counter)));
}

function difference(pair: CostPair, counter: Counter): number {
  return perRequest(pair.contestantSample, counter) - perRequest(pair.referenceSample, counter);
}

function perRequest(sample: WindowSample, counter: Counter): number {
  return sample[counter] / sample.requests;
}
