import { describe, expect, it } from 'vitest';
import { pairEstimateMillis, pairStartMillis, warmUpEstimateMillis } from './load-estimates.ts';

describe('what load is expected to take', () => {
  // Means of three contestants on two cores, nothing else running; eight warm-ups of 1,500 ms in a whole run took 7.2 s each.
  it.each([
    [200, 3_490],
    [1_500, 6_770],
    [3_000, 11_140],
  ])('a warm-up of %i ms with the start of its processes: about %i ms, as measured', (durationMillis, measured) => {
    const expected = pairStartMillis + warmUpEstimateMillis(durationMillis);
    expect(expected / measured).toBeGreaterThan(0.9);
    expect(expected / measured).toBeLessThan(1.1);
  });

  it('a pair of 150 and 250 ms: about 920 ms, as measured', () => {
    const expected = pairEstimateMillis({ rampMillis: 150, windowMillis: 250 });
    expect(expected / 920).toBeGreaterThan(0.85);
    expect(expected / 920).toBeLessThan(1.15);
  });
});
