/** Requests that were accepted later than the published bound allows: one of them makes a run invalid. */

import type { RevocationMeasured, RevocationObservation } from '../../record/run-events.ts';
import type { FalseAccept } from './results.ts';

/**
 * The false accepts of one trial, at most one a node. A request *sent* after the bound was received after it; one that
 * was under way at the bound proves nothing. Without an acknowledgement nothing was promised.
 */
export function falseAcceptsOf(trial: RevocationMeasured): FalseAccept[] {
  return trial.observations.flatMap((observation) => {
    const found = beyondBound(trial, observation);
    if (found === null || found.beyondBoundMillis <= 0) return [];
    const { contestant, condition, trial: number } = trial;
    return [{ contestant, condition, trial: number, node: observation.node, ...found }];
  });
}

function beyondBound(
  trial: RevocationMeasured,
  observation: RevocationObservation,
): Pick<FalseAccept, 'boundMillis' | 'beyondBoundMillis'> | null {
  const { boundMillis, acknowledgedMillis, remainingLifetimeMillis } = trial;
  if (boundMillis !== null) {
    const last = observation.lastAcceptedAfterAcknowledgementMillis;
    if (acknowledgedMillis === null || last === null) return null;
    return { boundMillis, beyondBoundMillis: last - acknowledgedMillis - boundMillis };
  }
  const last = observation.lastAcceptedSentMillis;
  if (remainingLifetimeMillis === null || last === null) return null;
  return { boundMillis: remainingLifetimeMillis, beyondBoundMillis: last - remainingLifetimeMillis };
}
