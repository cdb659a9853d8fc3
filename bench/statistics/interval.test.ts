import { describe, expect, it } from 'vitest';
import { seededFraction } from '../../src/kernel/random.ts';
import { meanInterval, medianInterval, ratioInterval, trimmedMeanInterval } from './interval.ts';

/** Student's sleep data (Biometrika 6, 1908): hours gained with one drug over the other, patient by patient. */
const sleepDifferences = [1.2, 2.4, 1.3, 1.3, 0, 1.0, 1.8, 0.8, 4.6, 1.4];

/** Two independent normal variates (Box and Muller, 1958). */
function normalSource(seed: number): () => number {
  const fraction = seededFraction(seed);
  return () => Math.sqrt(-2 * Math.log(1 - fraction())) * Math.cos(2 * Math.PI * fraction());
}

describe('meanInterval', () => {
  it("agrees with R's t.test on Student's sleep data", () => {
    const interval = meanInterval(sleepDifferences);
    expect(interval?.estimate).toBeCloseTo(1.58, 10);
    expect(interval?.low).toBeCloseTo(0.7001142, 6);
    expect(interval?.high).toBeCloseTo(2.4598858, 6);
    expect(interval?.pValue).toBeCloseTo(0.002833, 6);
    expect(interval?.count).toBe(10);
  });

  it('has nothing to say about one observation', () => {
    expect(meanInterval([4])).toBeNull();
    expect(meanInterval([])).toBeNull();
  });

  it('is certain where nothing varies', () => {
    expect(meanInterval([2, 2, 2])).toMatchObject({ low: 2, high: 2, pValue: 0 });
    expect(meanInterval([0, 0])).toMatchObject({ low: 0, high: 0, pValue: 1 });
  });

  it('encloses the true mean of eight pairs in 95 of 100 runs', () => {
    const normal = normalSource(20_260_115);
    const runs = 4_000;
    let enclosed = 0;
    for (let run = 0; run < runs; run += 1) {
      const interval = meanInterval(Array.from({ length: 8 }, () => 3 + 2 * normal()));
      if (interval !== null && interval.low <= 3 && 3 <= interval.high) enclosed += 1;
    }
    // Three standard errors of a share of 0.95 over 4,000 runs are 0.0103.
    expect(Math.abs(enclosed / runs - 0.95)).toBeLessThan(0.0103);
  });
});

describe('trimmedMeanInterval', () => {
  it("cuts two of ten at each end of Student's sleep data", () => {
    // By hand: winsorised squares 1.004 / 9, error 0.33400 / (0.6 * sqrt 10), t(5) = 2.57058.
    const interval = trimmedMeanInterval(sleepDifferences);
    expect(interval?.estimate).toBeCloseTo(8 / 6, 10);
    expect(interval?.low).toBeCloseTo(0.88084, 4);
    expect(interval?.high).toBeCloseTo(1.78583, 4);
  });

  it('is the plain one below five observations', () => {
    expect(trimmedMeanInterval([1, 2, 4, 9])).toEqual(meanInterval([1, 2, 4, 9]));
    expect(trimmedMeanInterval([1])).toBeNull();
  });

  it('is moved little by one wild observation', () => {
    const calm = trimmedMeanInterval([9, 10, 10, 11, 10, 9, 11, 10]);
    const wild = trimmedMeanInterval([9, 10, 10, 11, 10, 9, 11, 1_000]);
    expect(wild?.estimate).toBeLessThan((calm?.high ?? 0) + 0.5);
    expect(wild?.high).toBeLessThan(12);
  });

  it.each([
    ['calm', 0],
    ['with one wild moment in ten', 0.1],
  ])('encloses the true mean of eight pairs in at least 94 of 100 runs on a machine that is %s', (_, wildShare) => {
    const normal = normalSource(7);
    const fraction = seededFraction(11);
    const runs = 4_000;
    let enclosed = 0;
    for (let run = 0; run < runs; run += 1) {
      const interval = trimmedMeanInterval(
        Array.from({ length: 8 }, () => 3 + (fraction() < wildShare ? 20 : 1) * normal()),
      );
      if (interval !== null && interval.low <= 3 && 3 <= interval.high) enclosed += 1;
    }
    expect(enclosed / runs).toBeGreaterThan(0.94);
    expect(enclosed / runs).toBeLessThan(0.99);
  });
});

describe('ratioInterval', () => {
  it('tells logarithms as ratios', () => {
    const interval = ratioInterval([Math.log(0.5), Math.log(2)]);
    expect(interval?.estimate).toBeCloseTo(1, 12);
    expect((interval?.low ?? 0) * (interval?.high ?? 0)).toBeCloseTo(1, 9);
    expect(ratioInterval([0.1])).toBeNull();
  });
});

describe('medianInterval', () => {
  // Conover, Practical Nonparametric Statistics, 3rd ed., 3.2: order statistics by the binomial with p = 1/2.
  it.each([
    [6, 1, 6],
    [8, 1, 8],
    [9, 2, 8],
    [20, 6, 15],
  ])('of %i observations reaches from the %i. to the %i.', (count, low, high) => {
    const values = Array.from({ length: count }, (_, index) => count - index);
    expect(medianInterval(values)).toEqual({ estimate: (count + 1) / 2, low, high, count });
  });

  it('has no interval below six observations, and nothing to say about none', () => {
    expect(medianInterval([1, 2, 3, 4, 5])).toEqual({ estimate: 3, low: null, high: null, count: 5 });
    expect(medianInterval([])).toBeNull();
  });
});
