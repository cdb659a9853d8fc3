import { describe, expect, it } from 'vitest';
import { describeDistribution, percentileIfCarried, quantile, smallestCountFor } from './quantiles.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('quantile', () => {
  // R's `quantile(1:10)`, type 7 (Hyndman and Fan, The American Statistician 50, 1996).
  it.each([
    [0, 1],
    [0.25, 3.25],
    [0.5, 5.5],
    [0.9, 9.1],
    [1, 10],
  ])('at %d of 1..10 is %d', (share, expected) => {
    expect(quantile(upTo(10).reverse(), share)).toBeCloseTo(expected, 12);
  });

  it('orders numbers, not texts', () => {
    expect(quantile([10, 9, 100], 0.5)).toBe(10);
  });

  it('refuses an empty list and a percentile written as 99', () => {
    expect(() => quantile([], 0.5)).toThrow(RangeError);
    expect(() => quantile([1], 99)).toThrow(RangeError);
  });
});

describe('percentileIfCarried', () => {
  it('tells p99 only from 1,000 observations, p90 from 100, the median always', () => {
    expect(percentileIfCarried(upTo(999), 0.99)).toBeNull();
    expect(percentileIfCarried(upTo(1_000), 0.99)).toBeCloseTo(990.01, 9);
    expect(percentileIfCarried(upTo(99), 0.9)).toBeNull();
    expect(percentileIfCarried(upTo(100), 0.9)).toBeCloseTo(90.1, 9);
    expect(percentileIfCarried([7], 0.5)).toBe(7);
    expect(smallestCountFor(0.99)).toBe(1_000);
  });
});

describe('describeDistribution', () => {
  it('is null for nothing and holds only what is carried', () => {
    expect(describeDistribution([])).toBeNull();
    expect(describeDistribution([3, 1, 2])).toEqual({ count: 3, p50: 2, p90: null, p99: null, max: 3 });
  });
});
