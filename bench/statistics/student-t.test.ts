import { describe, expect, it } from 'vitest';
import { fairCoinCumulative, studentTQuantile, twoSidedPValue } from './student-t.ts';

describe('studentTQuantile', () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, upper critical values of Student's t distribution.
  it.each([
    [1, 0.975, 12.706],
    [2, 0.975, 4.303],
    [7, 0.975, 2.365],
    [10, 0.9, 1.372],
    [30, 0.95, 1.697],
    [100, 0.995, 2.626],
  ])('agrees with the NIST table at %i degrees of freedom, p = %d', (degreesOfFreedom, probability, expected) => {
    expect(studentTQuantile(probability, degreesOfFreedom)).toBeCloseTo(expected, 3);
  });

  it('is the inverse of the two-sided p-value', () => {
    for (const degreesOfFreedom of [1, 3, 7, 49]) {
      expect(twoSidedPValue(studentTQuantile(0.975, degreesOfFreedom), degreesOfFreedom)).toBeCloseTo(0.05, 10);
    }
  });

  it('refuses what is no distribution', () => {
    expect(() => studentTQuantile(0.975, 0)).toThrow(RangeError);
    expect(() => studentTQuantile(0.975, 1.5)).toThrow(RangeError);
    expect(() => studentTQuantile(1, 7)).toThrow(RangeError);
  });
});

describe('twoSidedPValue', () => {
  it('is 1 at zero and falls to 0 far out', () => {
    expect(twoSidedPValue(0, 7)).toBe(1);
    expect(twoSidedPValue(-4.0621, 9)).toBeCloseTo(0.002833, 6);
    expect(twoSidedPValue(Number.POSITIVE_INFINITY, 7)).toBe(0);
  });
});

describe('fairCoinCumulative', () => {
  it('counts tosses of a fair coin', () => {
    expect(fairCoinCumulative(-1, 8)).toBe(0);
    expect(fairCoinCumulative(0, 8)).toBeCloseTo(1 / 256, 12);
    expect(fairCoinCumulative(1, 8)).toBeCloseTo(9 / 256, 12);
    expect(fairCoinCumulative(8, 8)).toBe(1);
  });
});
