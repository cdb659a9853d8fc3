/** What the pairs of each contestant gave, with their warnings, before the verdicts over all of them. */

import type { BackgroundMeasured } from '../../record/background-events.ts';
import { type ContestantDescribed, type PairMeasured, referenceContestant } from '../../record/run-events.ts';
import { findingsOf, isSoundPair } from '../../statistics/load-findings.ts';
import { type Measure, type Warning, warningOf } from '../../statistics/warnings.ts';
import { type Background, type CostPair, lessBackground, summariseBackground } from './background.ts';
import { type CostEstimate, estimateCost } from './cost-of-check.ts';
import { type RequestsPerTurn, requestsPerTurnOf } from './requests-per-turn.ts';
import { estimateThroughput, type ThroughputEstimate } from './throughput.ts';
import type { LoadEvidence } from './verdicts.ts';

export interface LoadDraft {
  readonly contestant: string;
  readonly soundPairs: readonly CostPair[];
  readonly background: Background | null;
  readonly requestsPerTurn: RequestsPerTurn | null;
  readonly warnings: readonly Warning[];
  readonly cost: CostEstimate | null;
  readonly throughput: ThroughputEstimate | null;
}

/** What was recorded of one contestant under load. */
export interface LoadEvents {
  readonly contestant: string;
  readonly pairs: readonly PairMeasured[];
  readonly backgrounds: readonly BackgroundMeasured[];
  readonly description: Pick<ContestantDescribed, 'redisCommandsPerCheck'> | null;
}

/**
 * Only sound pairs enter an estimate; what was wrong with the others is in the warnings.
 *
 * @param isWaitingMeasured What so few connections get done while they wait is the question: a server with time left is no
 * fault then.
 */
export function draftLoad(
  { contestant, pairs, backgrounds, description }: LoadEvents,
  isWaitingMeasured = false,
): LoadDraft {
  const soundPairs = lessBackground(pairs.filter(isSoundPair), backgrounds);
  const findings = findingsOf(pairs, description?.redisCommandsPerCheck ?? null).filter(
    ({ kind }) => !(isWaitingMeasured && kind === 'server-not-saturated'),
  );
  return {
    contestant,
    soundPairs,
    background: summariseBackground(soundPairs, backgrounds),
    requestsPerTurn: requestsPerTurnOf(soundPairs),
    warnings: findings.map((finding) => warningOf(contestant, finding)),
    cost: estimateCost(soundPairs),
    throughput: estimateThroughput(soundPairs),
  };
}

/** What is left for a verdict: nothing that a warning voids. */
export function evidenceOf(draft: LoadDraft): LoadEvidence {
  const voided = (measure: Measure) => draft.warnings.some((warning) => warning.voids.includes(measure));
  return {
    contestant: draft.contestant,
    isReference: draft.contestant === referenceContestant,
    soundPairs: draft.soundPairs,
    cost: voided('cost') ? null : draft.cost,
    throughput: voided('throughput') ? null : draft.throughput,
  };
}
