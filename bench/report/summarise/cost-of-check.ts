/** Cost of a check: CPU, commands and bytes per request, less those of the reference in the adjacent window. */

import type { PairMeasured, WindowSample } from '../../record/run-events.ts';
import { type MeanInterval, trimmedMeanInterval, withStandingError } from '../../statistics/interval.ts';
import { processError } from '../../statistics/process-spread.ts';
import { median } from '../../statistics/quantiles.ts';

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

/** Null below two sound pairs. */
export function estimateCost(pairs: readonly PairMeasured[]): CostEstimate | null {
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
  const bothSides = processError(contestantSide(pairs), referenceSide(pairs));
  return {
    pairs: pairs.length,
    nodeCpuMicros: withStandingError(nodeCpuMicros, bothSides),
    nodeCpuMicrosWhole: withStandingError(nodeCpuMicrosWhole, processError(contestantSide(pairs))),
    redisCpuMicros,
    // One Redis serves all of them: of its processes there is nothing to allow for.
    nodeAndRedisCpuMicros: withStandingError(nodeAndRedisCpuMicros, bothSides),
    redisCommands,
    redisNetworkBytes,
  };
}

function contestantSide(pairs: readonly PairMeasured[]) {
  const spent = pairs.map(({ contestantSample }) => perRequest(contestantSample, 'nodeCpuMicros'));
  return { spent: median(spent), processes: processesOf(pairs) };
}

function referenceSide(pairs: readonly PairMeasured[]) {
  const spent = pairs.map(({ referenceSample }) => perRequest(referenceSample, 'nodeCpuMicros'));
  return { spent: median(spent), processes: processesOf(pairs) };
}

/** Processes of the contestant, and as many of its reference: few, whatever the number of rounds. */
export function processesOf(pairs: readonly PairMeasured[]): number {
  return new Set(pairs.map(({ process = 1 }) => process)).size;
}

/**
 * Left's cost less right's, by rounds that both have. Each cost is already less the reference beside it, so that what
 * the machine did between the two windows cancels out. Null below two common rounds.
 */
export function compareCosts(
  left: readonly PairMeasured[],
  right: readonly PairMeasured[],
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
  return withStandingError(mean, processError(...sides));
}

type Counter = 'nodeCpuMicros' | 'redisCpuMicros' | 'redisCommands' | 'redisNetworkBytes';

function nodeCpuDifference(pair: PairMeasured): number {
  return difference(pair, 'nodeCpuMicros');
}

function bothCpuDifference(pair: PairMeasured): number {
  return difference(pair, 'nodeCpuMicros') + difference(pair, 'redisCpuMicros');
}

function differenceOf(pairs: readonly PairMeasured[], counter: Counter): MeanInterval | null {
  return trimmedMeanInterval(pairs.map((pair) => difference(pair, counter)));
}

function difference(pair: PairMeasured, counter: Counter): number {
  return perRequest(pair.contestantSample, counter) - perRequest(pair.referenceSample, counter);
}

function perRequest(sample: WindowSample, counter: Counter): number {
  return sample[counter] / sample.requests;
}
