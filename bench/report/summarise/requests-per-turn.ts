/** How many requests share one turn of a node's event loop, and with it one write to Redis. */

import type { PairMeasured, WindowSample } from '../../record/run-events.ts';
import { type MedianInterval, medianInterval } from '../../statistics/interval.ts';

/** Medians over windows. Below 1: a request takes more turns than one, to come in and to be answered. */
export interface RequestsPerTurn {
  readonly contestant: MedianInterval;
  /** Of the reference, in the adjacent windows. */
  readonly reference: MedianInterval;
}

/** Null where turns were not counted. */
export function requestsPerTurnOf(
  pairs: readonly Pick<PairMeasured, 'contestantSample' | 'referenceSample'>[],
): RequestsPerTurn | null {
  const contestant = medianInterval(pairs.flatMap(({ contestantSample }) => ofWindow(contestantSample)));
  const reference = medianInterval(pairs.flatMap(({ referenceSample }) => ofWindow(referenceSample)));
  return contestant === null || reference === null ? null : { contestant, reference };
}

function ofWindow({ requests, nodeEventLoopTurns: turns }: WindowSample): number[] {
  return turns === undefined || turns === 0 ? [] : [requests / turns];
}
