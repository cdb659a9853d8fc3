/** One node's probes, judged: the definitions of revocation latency and exposure rest on these. */

import { describe, expect, it } from 'vitest';
import { observe, verdictOf } from './observe.ts';
import type { Probe } from './probe-log.ts';

const revokeSentAt = 1_000;

/** Probes as `[sent after the revoke, status]`, each answered after half a millisecond. */
function probes(...told: readonly (readonly [sentMillis: number, status: number])[]): readonly Probe[] {
  return told.map(([sentMillis, status]) => ({
    sentAt: revokeSentAt + sentMillis,
    receivedAt: revokeSentAt + sentMillis + 0.5,
    status,
  }));
}

function judged(told: readonly Probe[], acknowledgedMillis: number | null = 2) {
  return observe(0, told, revokeSentAt, acknowledgedMillis === null ? null : revokeSentAt + acknowledgedMillis);
}

describe('verdictOf', () => {
  it('takes 200 alone for an acceptance and 401 alone for a refusal', () => {
    expect([200, 401].map(verdictOf)).toEqual(['accepted', 'refused']);
    expect([0, 201, 204, 302, 400, 403, 404, 500, 503].map(verdictOf)).toEqual(Array(9).fill('other'));
  });
});

describe('observe', () => {
  it('sees a clean change', () => {
    expect(judged(probes([-1, 200], [1, 200], [3, 200], [4, 401], [6, 401]))).toEqual({
      node: 0,
      requests: 5,
      lastAcceptedSentMillis: 3,
      firstRefusedSentMillis: 4,
      lastAcceptedAfterAcknowledgementMillis: 3,
      probeSpacingMillis: 2,
      otherStatuses: {},
    });
  });

  it('counts an acceptance by when it was sent, not by when it was answered', () => {
    const slow = { sentAt: revokeSentAt + 1, receivedAt: revokeSentAt + 50, status: 200 };
    const observation = judged([slow, ...probes([-1, 200], [3, 401], [4, 401])]);
    expect(observation).toMatchObject({
      lastAcceptedSentMillis: 1,
      firstRefusedSentMillis: 3,
      lastAcceptedAfterAcknowledgementMillis: null,
    });
  });

  it('does not hold what was under way before the revoke against the node', () => {
    const underWay = { sentAt: revokeSentAt - 0.1, receivedAt: revokeSentAt + 9, status: 200 };
    expect(judged([underWay, ...probes([0.2, 401], [1, 401])])).toMatchObject({
      lastAcceptedSentMillis: null,
      firstRefusedSentMillis: 0.2,
      lastAcceptedAfterAcknowledgementMillis: null,
    });
  });

  it('counts a refusal only from where nothing is accepted any more', () => {
    const resurrected = probes([1, 401], [2, 401], [3, 401], [10, 200], [11, 401], [12, 401]);
    expect(judged(resurrected)).toMatchObject({
      lastAcceptedSentMillis: 10,
      firstRefusedSentMillis: 11,
      lastAcceptedAfterAcknowledgementMillis: 10,
    });
  });

  it('puts answers that overtook each other into the order of their sending', () => {
    expect(judged(probes([5, 401], [4, 200], [3, 401], [6, 401]))).toMatchObject({
      lastAcceptedSentMillis: 4,
      firstRefusedSentMillis: 5,
    });
  });

  it('says null when a node never refused', () => {
    expect(judged(probes([1, 401], [3, 200], [5, 200]))).toMatchObject({
      lastAcceptedSentMillis: 5,
      firstRefusedSentMillis: null,
      lastAcceptedAfterAcknowledgementMillis: 5,
    });
  });

  it('knows no acceptance after an acknowledgement that never came', () => {
    expect(judged(probes([1, 200], [900, 200], [901, 401]), null)).toMatchObject({
      lastAcceptedSentMillis: 900,
      lastAcceptedAfterAcknowledgementMillis: null,
    });
  });

  it('does not count an acceptance sent at the very moment of the acknowledgement', () => {
    expect(judged(probes([2, 200], [3, 401]))).toMatchObject({ lastAcceptedAfterAcknowledgementMillis: null });
    expect(judged(probes([2.01, 200], [3, 401]))).toMatchObject({
      lastAcceptedAfterAcknowledgementMillis: 2.01,
    });
  });

  it('counts other answers apart: a 503 accepts nothing, and says so', () => {
    expect(judged(probes([1, 200], [3, 503], [4, 503], [5, 401], [6, 500]))).toMatchObject({
      lastAcceptedSentMillis: 1,
      firstRefusedSentMillis: 3,
      otherStatuses: { '503': 2, '500': 1 },
    });
  });

  it('is not deceived by a 503 between two acceptances', () => {
    expect(judged(probes([1, 503], [3, 200], [4, 401]))).toMatchObject({
      firstRefusedSentMillis: 4,
      lastAcceptedAfterAcknowledgementMillis: 3,
    });
  });

  it('takes no answer for no refusal', () => {
    expect(judged(probes([1, 200], [3, 0], [4, 0]))).toMatchObject({
      firstRefusedSentMillis: null,
      otherStatuses: { '0': 2 },
    });
    expect(judged(probes([1, 200], [3, 0], [4, 401]))).toMatchObject({ firstRefusedSentMillis: 4 });
  });

  it('can say nothing without probes', () => {
    expect(judged([])).toEqual({
      node: 0,
      requests: 0,
      lastAcceptedSentMillis: null,
      firstRefusedSentMillis: null,
      lastAcceptedAfterAcknowledgementMillis: null,
      probeSpacingMillis: 0,
      otherStatuses: {},
    });
  });
});

describe('the spacing of probes', () => {
  const every = (fromMillis: number, toMillis: number, status: number) =>
    probes(...Array.from({ length: toMillis - fromMillis }, (_, index) => [fromMillis + index, status] as const));

  it('is the longest gap near the change', () => {
    const observation = judged([...every(-50, 5, 200), ...every(12, 60, 401)]);
    expect(observation).toMatchObject({ firstRefusedSentMillis: 12, probeSpacingMillis: 8 });
  });

  it('leaves out a gap long before the change, or long after', () => {
    const far = judged([...every(-90, -60, 200), ...every(-30, 5, 200), ...every(5, 40, 401), ...every(80, 90, 401)]);
    expect(far.probeSpacingMillis).toBe(1);
  });

  it('is that of the last probes when nothing changed', () => {
    expect(judged([...every(0, 20, 200), ...probes([26, 200])]).probeSpacingMillis).toBe(7);
  });
});
