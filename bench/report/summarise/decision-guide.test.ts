import { describe, expect, it } from 'vitest';
import { rowText } from '../markdown-trade-off.ts';
import { guideOf } from './decision-guide.ts';
import type { BarePoint, PriceRelation } from './trade-off.ts';

const point = (contestant: string, boundMillis: number | null, longestMillis = 0): BarePoint => ({
  contestant,
  price: { estimate: 1, low: 1, high: 1 },
  isWeakened: false,
  exposure:
    boundMillis === null
      ? { kind: 'until-expiry', lifetimeMillis: null }
      : {
          kind: 'measured',
          medianMillis: { estimate: longestMillis, low: null, high: null, count: 20 },
          maxMillis: longestMillis,
          longestMillis,
          trials: 20,
          boundMillis,
        },
});

const unknown: PriceRelation = () => 'cannot tell';
/** Whose name comes first costs less. */
const byName: PriceRelation = (left, right) => (left < right ? 'costs less' : 'costs more');

describe('the decision guide', () => {
  const points = [point('a', null), point('b', 1_500, 12), point('c', 300), point('d', 0)];

  it('has a row for every need: one begins where another ends, and the last has no end', () => {
    const rows = guideOf(points, unknown);
    expect(rows[0]?.needMillis).toBe(0);
    expect(rows.slice(0, -1).map(({ belowMillis }) => belowMillis)).toEqual(
      rows.slice(1).map(({ needMillis }) => needMillis),
    );
    expect(rows.at(-1)).toMatchObject({ needMillis: null, belowMillis: null });
    expect(rows.map(rowText)).toEqual([
      'not at all, or less than 100 ms',
      '100 ms to less than 300 ms',
      '300 ms to less than 1.5 s',
      '1.5 s or longer',
      'until it expires',
    ]);
  });

  it('answers in each row what is right for every need in it', () => {
    const rows = guideOf(points, byName);
    for (const need of [0, 0.5, 11, 99, 250, 300, 999, 1_000, 1_400, 1_500, 1_999, 2_000, 1e6]) {
      const row = rows.findLast(({ needMillis }) => needMillis !== null && needMillis <= need);
      const bounds = { b: 1_500, c: 300, d: 0 };
      const fitting = (['b', 'c', 'd'] as const).filter((name) => bounds[name] <= need);
      expect(row?.promised).toEqual({ fitting, cheapest: fitting.slice(0, 1) });
      // What was seen is no round number: a need that is one has room for it.
      if (row?.measured.fitting.includes('b')) expect(need).toBeGreaterThanOrEqual(12);
    }
  });

  it('is one row where the need changes nothing', () => {
    expect(guideOf([point('c', 0), point('d', 0)], unknown).map(rowText)).toEqual(['any time']);
  });
});
