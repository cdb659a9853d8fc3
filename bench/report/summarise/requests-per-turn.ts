/**
 * How many requests a node meets in one turn of its event loop. A turn has a price of its own (the kernel is asked what has
 * come, what was written is sent), which those who are met together share: a figure that costs under load cannot do without.
 */

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
