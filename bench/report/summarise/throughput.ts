/** Verify throughput: requests per second as a ratio to the reference in the adjacent window, and as such. */

import type { PairMeasured, WindowSample } from '../../record/run-events.ts';
import { type MeanInterval, type MedianInterval, medianInterval, ratioInterval } from '../../statistics/interval.ts';
import { processError } from '../../statistics/process-spread.ts';
import { processesOf } from './cost-of-check.ts';

export interface ThroughputEstimate {
  readonly pairs: number;
  readonly ratioToReference: MeanInterval;
  readonly requestsPerSecond: MedianInterval;
}

/** Null below two sound pairs. */
export function estimateThroughput(pairs: readonly PairMeasured[]): ThroughputEstimate | null {
  const processes = processesOf(pairs);
  const ratioToReference = ratioInterval(
    pairs.map((pair) => Math.log(requestsPerSecond(pair.contestantSample) / requestsPerSecond(pair.referenceSample))),
    processError({ spent: 1, processes }, { spent: 1, processes }),
  );
  const median = medianInterval(pairs.map((pair) => requestsPerSecond(pair.contestantSample)));
  if (ratioToReference === null || median === null) return null;
  return { pairs: pairs.length, ratioToReference, requestsPerSecond: median };
}

function requestsPerSecond(sample: WindowSample): number {
  return (1_000 * sample.requests) / sample.durationMillis;
}
