import { describe, expect, it } from 'vitest';
import type { RevocationMeasured, RevocationObservation } from '../../record/run-events.ts';
import { falseAcceptsOf } from './false-accepts.ts';
import { revocationFindings, summariseRevocation } from './revocation.ts';

const noDelivery = { idle: null, loaded: null };

function seen(node: number, changes: Partial<RevocationObservation> = {}): RevocationObservation {
  return {
    node,
    requests: 50,
    lastAcceptedSentMillis: 0.5,
    firstRefusedSentMillis: 1,
    lastAcceptedAfterAcknowledgementMillis: null,
    probeSpacingMillis: 0.4,
    otherStatuses: {},
    ...changes,
  };
}

function trial(changes: Partial<RevocationMeasured> = {}): RevocationMeasured {
  return {
    type: 'RevocationMeasured',
    at: '2026-01-15T10:15:00.000Z',
    contestant: 'hybrid-hs256',
    condition: 'idle',
    trial: 1,
    revokeStatus: 204,
    acknowledgedMillis: 2,
    observations: [seen(0), seen(1)],
    boundMillis: 2_000,
    remainingLifetimeMillis: null,
    ...changes,
  };
}

const lastAccepted = (millis: number) => ({
  lastAcceptedSentMillis: millis,
  lastAcceptedAfterAcknowledgementMillis: millis,
  firstRefusedSentMillis: millis + 1,
});

describe('summariseRevocation', () => {
  it('takes the slowest node of each trial', () => {
    const slow = trial({ observations: [seen(0, lastAccepted(3)), seen(1, lastAccepted(9)), seen(2)] });
    const summary = summariseRevocation('idle', [slow, trial()], noDelivery);
    expect(summary?.revocationLatencyMillis).toMatchObject({ count: 2, p50: 5.5, max: 10 });
    expect(summary?.exposureWindowMillis).toMatchObject({ count: 2, p50: 3.5, max: 7 });
    expect(summary?.nodes).toBe(3);
  });

  it('counts a window only from the acknowledgement on', () => {
    const before = trial({ observations: [seen(0, { lastAcceptedSentMillis: 1.9 })] });
    expect(summariseRevocation('idle', [before], noDelivery)?.exposureWindowMillis?.max).toBe(0);
  });

  it('tells the longest exposure as a multiple of the longest bare delivery in the same condition', () => {
    const delivery = { idle: { count: 200, p50: 0.25, p90: null, p99: null, max: 1, curve: [] }, loaded: null };
    const exposed = trial({ observations: [seen(0, lastAccepted(6))] });
    expect(summariseRevocation('idle', [exposed], delivery)?.multipleOfDelivery).toBe(4);
    expect(summariseRevocation('loaded', [exposed], delivery)?.multipleOfDelivery).toBeNull();
  });

  it('tells it at the 99th percentiles, where there are enough trials and enough deliveries', () => {
    const trials = Array.from({ length: 1_000 }, (_, index) =>
      trial({ observations: [seen(0, lastAccepted(index < 20 ? 6 : 3))] }),
    );
    const delivery = { count: 1_000, p50: 0.25, p90: 0.3, p99: 0.5, max: 2, curve: [] };
    const of = (...asked: Parameters<typeof summariseRevocation>) =>
      summariseRevocation(...asked)?.multipleOfDeliveryP99;
    expect(of('loaded', trials, { idle: null, loaded: delivery })).toBe(8);
    expect(of('loaded', trials, { idle: null, loaded: { ...delivery, p99: null } })).toBeNull();
    expect(of('loaded', trials.slice(0, 100), { idle: null, loaded: delivery })).toBeNull();
  });

  it('has nothing to say about no trial, or none that counts', () => {
    expect(summariseRevocation('idle', [], noDelivery)).toBeNull();
    expect(summariseRevocation('idle', [trial({ observations: [] })], noDelivery)).toBeNull();
    expect(summariseRevocation('idle', [trial({ observations: [seen(0, { requests: 0 })] })], noDelivery)).toBeNull();
  });
});

describe('falseAcceptsOf', () => {
  const beyond = (changes: Partial<RevocationMeasured>) =>
    falseAcceptsOf(trial(changes)).map((one) => one.beyondBoundMillis);

  it('holds what was sent after acknowledgement and bound against a strategy, to the last moment', () => {
    expect(beyond({ observations: [seen(0), seen(1, lastAccepted(2_002))] })).toEqual([]);
    expect(beyond({ observations: [seen(0), seen(1, lastAccepted(2_002.5))] })).toEqual([0.5]);
    expect(beyond({ boundMillis: 0, observations: [seen(0, lastAccepted(2.25)), seen(1, lastAccepted(3))] })).toEqual([
      0.25, 1,
    ]);
  });

  it('promises nothing without an acknowledgement', () => {
    expect(beyond({ acknowledgedMillis: null, revokeStatus: 0, observations: [seen(0, lastAccepted(9_000))] })).toEqual(
      [],
    );
  });

  it('holds what cannot be revoked to the lifetime that was left', () => {
    const expiring = { boundMillis: null, remainingLifetimeMillis: 1_900, condition: 'until-expiry' } as const;
    expect(beyond({ ...expiring, observations: [seen(0, lastAccepted(1_899))] })).toEqual([]);
    expect(beyond({ ...expiring, observations: [seen(0, lastAccepted(1_910))] })).toEqual([10]);
  });

  it('has no bound to hold against what publishes none', () => {
    expect(beyond({ boundMillis: null, observations: [seen(0, lastAccepted(9_000))] })).toEqual([]);
  });
});

describe('revocationFindings', () => {
  const kinds = (condition: RevocationMeasured['condition'], changes: Partial<RevocationMeasured>) =>
    revocationFindings(condition, [trial(changes)]).map((finding) => finding.kind);

  it('finds nothing in a good trial', () => {
    expect(kinds('idle', {})).toEqual([]);
  });

  it('finds what spoils a trial', () => {
    expect(kinds('idle', { revokeStatus: 503, acknowledgedMillis: null })).toEqual(['revoke-not-acknowledged']);
    expect(kinds('loaded', { observations: [seen(0, { firstRefusedSentMillis: null })] })).toEqual([
      'trial-incomplete',
    ]);
    expect(kinds('loaded', { observations: [seen(0, { probeSpacingMillis: 12 })] })).toEqual(['probe-spacing-coarse']);
    expect(kinds('idle', { observations: [seen(0, { otherStatuses: { '503': 1 } })] })).toEqual(['unclear-refusals']);
  });

  it('expects 503s, waits and a failing revoke while Redis stands still', () => {
    const observations = [
      seen(0, { otherStatuses: { '503': 9 }, probeSpacingMillis: 900, firstRefusedSentMillis: null }),
    ];
    expect(kinds('redis-paused', { revokeStatus: 0, acknowledgedMillis: null, observations })).toEqual([]);
  });
});
