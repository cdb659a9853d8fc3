/** Revocation latency and exposure window of one contestant in one condition, over its trials. */

import type { DeliveryMeasured, RevocationCondition, RevocationMeasured } from '../../record/run-events.ts';
import { medianInterval } from '../../statistics/interval.ts';
import { curveErrorShare, describeDistribution, empiricalCurve, largest, median } from '../../statistics/quantiles.ts';
import { type Finding, limits } from '../../statistics/warnings.ts';
import { falseAcceptsOf } from './false-accepts.ts';
import type { DeliverySummary, RevocationSummary } from './results.ts';

/** Bare delivery times of the run in milliseconds, by condition. */
export interface DeliveryBaseline {
  readonly idle: DeliverySummary | null;
  readonly loaded: DeliverySummary | null;
}

export function summariseDelivery(events: readonly DeliveryMeasured[]): DeliveryBaseline {
  const millisIn = (condition: 'idle' | 'loaded') =>
    events
      .filter((event) => event.condition === condition)
      .flatMap((event) => event.deliveryMicros.map((micros) => micros / 1_000));
  return { idle: deliverySummary(millisIn('idle')), loaded: deliverySummary(millisIn('loaded')) };
}

function deliverySummary(millis: readonly number[]): DeliverySummary | null {
  const distribution = describeDistribution(millis);
  return distribution && { ...distribution, curve: empiricalCurve(millis) };
}

/** Null when no trial counts. `trials` are those of one contestant in one condition. */
export function summariseRevocation(
  condition: RevocationCondition,
  trials: readonly RevocationMeasured[],
  delivery: DeliveryBaseline,
): RevocationSummary | null {
  const counted = trials.filter((trial) => counts(condition, trial));
  const [first] = counted;
  if (first === undefined) return null;
  const latencies = counted.flatMap((trial) => latencyMillis(trial) ?? []);
  const latency = describeDistribution(latencies);
  const spacings = counted.flatMap((trial) => trial.observations.map((seen) => seen.probeSpacingMillis));
  const lifetimes = counted.flatMap((trial) => trial.remainingLifetimeMillis ?? []);
  const exposures = counted.flatMap((trial) => exposureMillis(trial) ?? []);
  const exposure = describeDistribution(exposures);
  const baseline = condition === 'idle' || condition === 'loaded' ? delivery[condition] : null;
  return {
    trials: counted.length,
    acknowledgedTrials: counted.filter((trial) => trial.acknowledgedMillis !== null).length,
    nodes: largest(counted.map((trial) => trial.observations.length)),
    revocationLatencyMillis: latency,
    exposureWindowMillis: exposure,
    revocationLatencyMedianMillis: medianInterval(latencies),
    exposureMedianMillis: medianInterval(exposures),
    boundMillis: first.boundMillis,
    remainingLifetimeMillis:
      lifetimes.length === 0 ? null : { min: -largest(lifetimes.map((value) => -value)), max: largest(lifetimes) },
    falseAccepts: trials.filter((trial) => falseAcceptsOf(trial).length > 0).length,
    probeSpacingMillis: { p50: median(spacings), max: largest(spacings) },
    curves: {
      revocationLatencyMillis: empiricalCurve(latencies),
      exposureMillis: empiricalCurve(exposures),
      errorShare: curveErrorShare(counted.length),
    },
    multipleOfDelivery: multiple(exposure?.max, baseline?.max),
    multipleOfDeliveryP99: multiple(exposure?.p99, baseline?.p99),
  };
}

function multiple(exposure: number | null | undefined, delivery: number | null | undefined): number | null {
  return exposure == null || delivery == null || delivery <= 0 ? null : exposure / delivery;
}

/** What is to be warned of in these trials; most serious first. */
export function revocationFindings(condition: RevocationCondition, trials: readonly RevocationMeasured[]): Finding[] {
  const findings: Finding[] = [];
  const beyond = trials.map(falseAcceptsOf).filter((found) => found.length > 0);
  if (beyond.length > 0) {
    const worstBeyondBoundMillis = largest(beyond.flat().map((found) => found.beyondBoundMillis));
    findings.push({ kind: 'false-accept', condition, trials: beyond.length, worstBeyondBoundMillis });
  }
  const undisturbed = condition !== 'redis-paused';
  const unacknowledged = undisturbed ? trials.filter((trial) => !isAcknowledged(trial)).length : 0;
  if (unacknowledged > 0) findings.push({ kind: 'revoke-not-acknowledged', condition, trials: unacknowledged });
  const incomplete = trials.filter((trial) => (isAcknowledged(trial) || !undisturbed) && !counts(condition, trial));
  if (incomplete.length > 0) findings.push({ kind: 'trial-incomplete', condition, trials: incomplete.length });
  if (undisturbed) findings.push(...probeFindings(condition, trials));
  return findings;
}

/** While Redis stands still, 503 and long waits are what is to be seen; anywhere else they spoil the measurement. */
function probeFindings(condition: RevocationCondition, trials: readonly RevocationMeasured[]): Finding[] {
  const findings: Finding[] = [];
  const observations = trials.flatMap((trial) => trial.observations);
  const statuses: Record<string, number> = {};
  for (const [status, count] of observations.flatMap((seen) => Object.entries(seen.otherStatuses))) {
    statuses[status] = (statuses[status] ?? 0) + count;
  }
  if (Object.keys(statuses).length > 0) findings.push({ kind: 'unclear-refusals', condition, statuses });
  const spacings = observations.map((seen) => seen.probeSpacingMillis);
  const spacingMillis = spacings.length === 0 ? 0 : median(spacings);
  if (spacingMillis > limits.probeSpacingMillis)
    findings.push({ kind: 'probe-spacing-coarse', condition, spacingMillis });
  return findings;
}

/**
 * Whether a trial enters the distributions: every node was asked, and was seen to refuse in the end. While Redis stands
 * still a revoke may fail, and then the nodes rightly go on accepting.
 */
function counts(condition: RevocationCondition, trial: RevocationMeasured): boolean {
  const asked = trial.observations.length > 0 && trial.observations.every((seen) => seen.requests > 0);
  if (!asked) return false;
  if (!isAcknowledged(trial)) return condition === 'redis-paused';
  return latencyMillis(trial) !== null;
}

function isAcknowledged(trial: RevocationMeasured): boolean {
  return trial.acknowledgedMillis !== null && trial.revokeStatus >= 200 && trial.revokeStatus < 300;
}

/** Over all nodes, the latest first moment of lasting refusal; null when some node never refused. */
function latencyMillis(trial: RevocationMeasured): number | null {
  const moments = trial.observations.map((seen) => seen.firstRefusedSentMillis);
  const refused = moments.filter((moment) => moment !== null);
  return refused.length === moments.length && refused.length > 0 ? largest(refused) : null;
}

/** Over all nodes, how long after the acknowledgement a request was still sent and accepted; null without one. */
function exposureMillis(trial: RevocationMeasured): number | null {
  const { acknowledgedMillis } = trial;
  if (acknowledgedMillis === null) return null;
  return largest(
    trial.observations.map((seen) =>
      seen.lastAcceptedAfterAcknowledgementMillis === null
        ? 0
        : Math.max(0, seen.lastAcceptedAfterAcknowledgementMillis - acknowledgedMillis),
    ),
  );
}
