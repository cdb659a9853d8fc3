/** When a node is said to grow under a flood, to answer late, or to answer what nobody should hear. */

import { describe, expect, it } from 'vitest';
import type { FloodCount, FloodKind } from '../workload/flood-load.ts';
import { type FloodRow, type FloodSample, floodText, verdictOf } from './flood-table.ts';

const mebibyte = 1_048_576;
const rules = { deadlineMillis: 5_000, checks: true };

/** Ten minutes, a look every five seconds; `live` of the share of the time that has passed. */
function samplesOf(live: (share: number) => number): FloodSample[] {
  return Array.from({ length: 120 }, (_, index) => {
    const noise = Math.sin(index * 12.9898) * 0.2;
    return {
      atMillis: (index + 1) * 5_000,
      liveBytes: (live((index + 1) / 120) + noise) * mebibyte,
      rssBytes: (100 + noise) * mebibyte,
      loopP99Millis: 12,
    };
  });
}

function rowOf(
  samples: readonly FloodSample[],
  counts: Partial<Record<FloodKind, Partial<FloodCount>>> = {},
): FloodRow {
  const whole = Object.entries(counts).map(([kind, count]): [FloodKind, FloodCount] => [
    kind as FloodKind,
    { statuses: { 200: 1 }, longestMillis: 10, ...count },
  ]);
  return { name: 'one', samples, counts: new Map(whole), heldBack: 0 };
}

describe('a node under a flood', () => {
  it('that keeps nothing, or fills up during the warm-up, is flat', () => {
    expect(verdictOf(rowOf(samplesOf(() => 20)), rules)).toMatchObject({ heap: 'flat', rss: 'flat', faults: [] });
    const filling = samplesOf((share) => 20 + 30 * Math.min(1, share * 10));
    expect(verdictOf(rowOf(filling), rules)).toMatchObject({ heap: 'flat', faults: [] });
  });

  it('that keeps something of every request is at fault', () => {
    const verdict = verdictOf(rowOf(samplesOf((share) => 20 + 10 * share)), rules);
    expect(verdict).toMatchObject({ heap: 'linear', faults: ['its live heap grows (linear)'] });
    const text = floodText([rowOf(samplesOf((share) => 20 + 10 * share))], [verdict], 5_000);
    expect(text).toContain('one: its live heap grows (linear).');
    expect(text).not.toMatch(/NaN|undefined/);
  });

  it('that answers later than it may, or not as it ought to, is at fault', () => {
    const faultsOf = (counts: Parameters<typeof rowOf>[1], checks = true) =>
      verdictOf(
        rowOf(
          samplesOf(() => 20),
          counts,
        ),
        { ...rules, checks },
      ).faults;
    expect(faultsOf({ login: { longestMillis: 5_001 } })).toEqual(['somebody waited for 5.00 s']);
    expect(faultsOf({ login: { statuses: { 200: 9, 503: 1 } } })).toEqual(['login: 503 (1)']);
    expect(faultsOf({ 'bad credential': { statuses: { 401: 9, 200: 1 } } })).toEqual(['bad credential: 200 (1)']);
    expect(faultsOf({ 'bad credential': { statuses: { 200: 1 } } }, false)).toEqual([]);
    // Within its bound a strategy may let in whom it has logged out.
    expect(faultsOf({ 'revoked credential': { statuses: { 200: 1, 401: 1 } } })).toEqual([]);
    expect(faultsOf({ 'revoked credential': { statuses: { 0: 1 } } })).toEqual(['revoked credential: no answer (1)']);
  });

  it('that cannot keep up is at fault', () => {
    const row = { ...rowOf(samplesOf(() => 20)), heldBack: 7 };
    expect(verdictOf(row, rules).faults).toEqual(['7 requests were not sent, because too many were waiting']);
  });
});
