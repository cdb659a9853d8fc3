import { describe, expect, it } from 'vitest';
import { trimmedMeanInterval, withStandingError } from './interval.ts';
import { processError, processSpread } from './process-spread.ts';

describe('what processes differ by', () => {
  it('is a share of what each spends, less where several took turns', () => {
    const alone = processError({ spent: 100, processes: 1 });
    expect(alone.standardError).toBeCloseTo(100 * processSpread);
    expect(processError({ spent: 100, processes: 4 }).standardError).toBeCloseTo(50 * processSpread);
    const both = processError({ spent: 300, processes: 1 }, { spent: 400, processes: 1 });
    expect(both.standardError).toBeCloseTo(500 * processSpread);
  });

  it('widens an interval that rounds alone would make too narrow, and takes a verdict back', () => {
    const narrow = trimmedMeanInterval([1.9, 2, 2.1, 2, 1.9, 2, 2.1, 2]);
    if (narrow === null) throw new Error('eight values');
    expect(narrow.pValue).toBeLessThan(0.001);
    const wide = withStandingError(narrow, processError({ spent: 150, processes: 1 }, { spent: 150, processes: 1 }));
    expect(wide.estimate).toBe(narrow.estimate);
    expect(wide.low).toBeLessThan(0);
    expect(wide.high - wide.estimate).toBeCloseTo(wide.estimate - wide.low);
    expect(wide.pValue).toBeGreaterThan(0.05);
  });

  it('changes nothing where nothing is added, and has the degrees of freedom of what weighs more, or of few rounds', () => {
    const mean = trimmedMeanInterval([1, 2, 3, 4, 5, 6, 7, 8]);
    if (mean === null) throw new Error('eight values');
    expect(withStandingError(mean, { standardError: 0, degreesOfFreedom: 9 })).toBe(mean);
    const large = { standardError: 100, degreesOfFreedom: 9 };
    expect(withStandingError(mean, large).degreesOfFreedom).toBe(9);
    expect(withStandingError(mean, { ...large, standardError: 1e-6 }).degreesOfFreedom).toBe(mean.degreesOfFreedom);
    const few = trimmedMeanInterval([1, 2, 3]);
    if (few === null) throw new Error('three values');
    expect(withStandingError(few, large).degreesOfFreedom).toBe(2);
  });
});
