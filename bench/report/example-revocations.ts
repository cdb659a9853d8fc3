/** Revocation trials and bare delivery times of the invented runs. */

import type { RandomFraction } from '../../src/kernel/random.ts';
import type { RevocationCondition, RevocationMeasured, RevocationObservation, RunEvent } from '../record/run-events.ts';
import { exampleContestants } from './example-contestants.ts';

export interface ExampleRevocationOptions {
  readonly strategies: readonly string[];
  readonly idleTrials: number;
  /** Accepts 40 ms beyond its bound in its first idle trial. */
  readonly accepting: string | undefined;
  readonly fraction: RandomFraction;
  readonly clock: () => string;
}

export function exampleRevocations(options: ExampleRevocationOptions): RunEvent[] {
  const { fraction, clock } = options;
  const deliveryMicros = Array.from({ length: 200 }, () => Math.round(180 + 120 * fraction()));
  return [
    { type: 'DeliveryMeasured', at: clock(), condition: 'idle', deliveryMicros },
    ...options.strategies.flatMap((contestant) => trialsOf(contestant, options)),
  ];
}

function trialsOf(contestant: string, options: ExampleRevocationOptions): RevocationMeasured[] {
  const bound = exampleContestants[contestant]?.description.bound;
  if (bound === 'remaining-lifetime') {
    return Array.from({ length: 5 }, (_, index) => untilExpiry(contestant, index + 1, options));
  }
  const boundMillis = bound === 'zero' ? 0 : 2_000;
  const idle = Array.from({ length: options.idleTrials }, (_, index) => {
    const beyond = options.accepting === contestant && index === 0 ? 40 : 0;
    return revoked(contestant, 'idle', index + 1, boundMillis, beyond, options);
  });
  return [...idle, revoked(contestant, 'redis-paused', 1, boundMillis, 0, options)];
}

function revoked(
  contestant: string,
  condition: RevocationCondition,
  trial: number,
  boundMillis: number,
  beyondBoundMillis: number,
  { fraction, clock }: ExampleRevocationOptions,
): RevocationMeasured {
  const acknowledgedMillis = 1 + fraction();
  const lag = boundMillis === 0 ? -0.4 : 0.1 + 0.5 * fraction();
  const observations = [0, 1].map((node): RevocationObservation => {
    const late = node === 1 && beyondBoundMillis > 0 ? boundMillis + beyondBoundMillis : lag;
    const last = acknowledgedMillis + late;
    return {
      node,
      requests: 60,
      lastAcceptedSentMillis: last,
      firstRefusedSentMillis: last + 0.3,
      lastAcceptedAfterAcknowledgementMillis: late > 0 ? last : null,
      probeSpacingMillis: 0.3 + 0.1 * fraction(),
      otherStatuses: condition === 'redis-paused' ? { '503': 12 } : {},
    };
  });
  return {
    type: 'RevocationMeasured',
    at: clock(),
    contestant,
    condition,
    trial,
    revokeStatus: 204,
    acknowledgedMillis,
    observations,
    boundMillis,
    remainingLifetimeMillis: null,
  };
}

function untilExpiry(
  contestant: string,
  trial: number,
  { fraction, clock }: ExampleRevocationOptions,
): RevocationMeasured {
  const remainingLifetimeMillis = 1_950 + 40 * fraction();
  const last = remainingLifetimeMillis - 3;
  const observation = {
    requests: 2_000,
    lastAcceptedSentMillis: last,
    firstRefusedSentMillis: last + 1,
    lastAcceptedAfterAcknowledgementMillis: last,
    probeSpacingMillis: 1,
    otherStatuses: {},
  };
  return {
    type: 'RevocationMeasured',
    at: clock(),
    contestant,
    condition: 'until-expiry',
    trial,
    revokeStatus: 204,
    acknowledgedMillis: 1.2,
    observations: [
      { node: 0, ...observation },
      { node: 1, ...observation },
    ],
    boundMillis: null,
    remainingLifetimeMillis,
  };
}
