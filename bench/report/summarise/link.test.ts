/** The fold of what the delay link added. */

import { describe, expect, it } from 'vitest';
import type { LinkMeasured } from '../../record/link-events.ts';
import { summariseLink } from './link.ts';

function measured(directMicros: readonly number[], linkMicros: readonly number[]): LinkMeasured {
  return { type: 'LinkMeasured', at: '2026-01-01T00:00:00.000Z', addedMillisAsked: 2, directMicros, linkMicros };
}

describe('summariseLink', () => {
  it('describes both, and the difference of each pair', () => {
    const summary = summariseLink(measured([100, 300, 120], [2_200, 2_310, 2_260]));
    expect(summary).toMatchObject({
      addedMillisAsked: 2,
      directMicros: { count: 3, p50: 120 },
      linkMicros: { count: 3, p50: 2_260 },
      // Pair by pair: the medians' own difference would be 2,140.
      addedMicros: { count: 3, p50: 2_100, max: 2_140 },
    });
  });

  it('tells a 99th percentile only where the pairs carry it', () => {
    const direct = Array.from({ length: 1_000 }, () => 100);
    const link = direct.map((micros, pair) => micros + 1_000 + pair);
    expect(summariseLink(measured(direct, link))?.addedMicros.p99).toBeCloseTo(1_989, 0);
    expect(summariseLink(measured(direct.slice(1), link.slice(1)))?.addedMicros.p99).toBeNull();
  });

  it('says nothing where nothing was measured', () => {
    expect(summariseLink(measured([], []))).toBeNull();
  });
});
