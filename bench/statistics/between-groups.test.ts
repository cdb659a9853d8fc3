import { describe, expect, it } from 'vitest';
import { seededFraction } from '../../src/kernel/random.ts';
import { betweenGroups, widening } from './between-groups.ts';

/** Two independent normal variates (Box and Muller, 1958). */
function normalSource(seed: number): () => number {
  const fraction = seededFraction(seed);
  return () => Math.sqrt(-2 * Math.log(1 - fraction())) * Math.cos(2 * Math.PI * fraction());
}

/** 10 groups of 20, each group off by a step of its own of this deviation, with a noise of 1. */
function made(ownDeviation: number, normal: () => number) {
  return Array.from({ length: 10 }, () => {
    const own = ownDeviation * normal();
    return Array.from({ length: 20 }, () => own + normal());
  });
}

describe('betweenGroups', () => {
  it('is the analysis of variance as it is done by hand', () => {
    // Means 2, 4, 9 of three each with variances 1, 1, 4: between 3 * 13 = 39, within 2, F = 19.5 with 2 and 6.
    const found = betweenGroups([
      [1, 2, 3],
      [3, 4, 5],
      [7, 9, 11],
    ]);
    expect(found).toMatchObject({ groups: 3, perGroup: 3 });
    expect(found?.mean.estimate).toBeCloseTo(5, 12);
    expect(found?.observedDeviation).toBeCloseTo(Math.sqrt(13), 12);
    expect(found?.expectedDeviation).toBeCloseTo(Math.sqrt(2 / 3), 12);
    expect(found?.ownDeviation).toBeCloseTo(Math.sqrt(13 - 2 / 3), 12);
    // With 2 degrees above: (1 + 2 F / 6) ** -3.
    expect(found?.pValue).toBeCloseTo((1 + 39 / 6) ** -3, 9);
  });

  it('finds what groups differ by, and calls noise noise in 19 of 20', () => {
    const normal = normalSource(5);
    const apart = Array.from({ length: 200 }, () => betweenGroups(made(1, normal)));
    const own = apart.map((found) => (found?.ownDeviation ?? 0) ** 2);
    expect(own.reduce((sum, value) => sum + value, 0) / own.length).toBeCloseTo(1, 0);
    expect(apart.every((found) => (found?.pValue ?? 1) < 0.05)).toBe(true);
    const alike = Array.from({ length: 400 }, () => betweenGroups(made(0, normal)));
    const called = alike.filter((found) => (found?.pValue ?? 0) < 0.05).length;
    // Three standard errors of a share of 0.05 over 400 are 0.033.
    expect(Math.abs(called / alike.length - 0.05)).toBeLessThan(0.033);
  });

  it('says how much wider an interval over one group would have to be', () => {
    const found = betweenGroups(made(2, normalSource(9)));
    const own = found?.ownDeviation ?? 0;
    const within = found?.withinDeviation ?? 1;
    expect(found && widening(found)).toBeCloseTo(Math.hypot(own, within) / within, 12);
    expect(found && widening({ ...found, ownDeviation: 0 })).toBe(1);
  });

  it('has nothing to say of one group, of groups of one, or of unequal ones', () => {
    expect(betweenGroups([])).toBeNull();
    expect(betweenGroups([[1, 2, 3]])).toBeNull();
    expect(betweenGroups([[1], [2]])).toBeNull();
    expect(betweenGroups([[1, 2], [2]])).toBeNull();
    expect(
      betweenGroups([
        [1, 1],
        [1, 1],
      ]),
    ).toMatchObject({ pValue: 1, ownDeviation: 0 });
  });
});
