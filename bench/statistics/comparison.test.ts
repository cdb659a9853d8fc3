import { describe, expect, it } from 'vitest';
import { seededFraction } from '../../src/kernel/random.ts';
import { costVerdict, familyErrorShare, holmAdjusted, noiseFloorOf, ratioVerdict } from './comparison.ts';
import { meanInterval } from './interval.ts';

describe('holmAdjusted', () => {
  // Rejecting at 0.05 keeps the first and the last hypothesis only: 0.005 x 4, 0.01 x 3, then 0.03 x 2 stops the steps.
  it('steps down through the ordered p-values', () => {
    const adjusted = holmAdjusted([0.01, 0.04, 0.03, 0.005]);
    for (const [index, expected] of [0.03, 0.06, 0.06, 0.02].entries())
      expect(adjusted[index]).toBeCloseTo(expected, 12);
  });

  it('never falls below a smaller p-value and never exceeds 1', () => {
    expect(holmAdjusted([0.6, 0.5, 0.9])).toEqual([1, 1, 1]);
    expect(holmAdjusted([])).toEqual([]);
  });

  it('keeps one false verdict in a family of ten below 5 % of the families', () => {
    const fraction = seededFraction(7);
    const families = 1_000;
    let familiesWithFalseVerdict = 0;
    for (let family = 0; family < families; family += 1) {
      const pValues = Array.from({ length: 10 }, () => {
        const differences = Array.from({ length: 8 }, () => fraction() - fraction());
        return meanInterval(differences)?.pValue ?? 1;
      });
      if (holmAdjusted(pValues).some((pValue) => pValue < familyErrorShare)) familiesWithFalseVerdict += 1;
    }
    // 0.05 and three standard errors of that share.
    expect(familiesWithFalseVerdict / families).toBeLessThan(0.0707);
  });
});

describe('verdicts', () => {
  const evidence = { effect: -0.3, adjustedPValue: 0.01, noiseFloor: 0.02 };

  it('name the direction', () => {
    expect(ratioVerdict(evidence)).toBe('slower');
    expect(ratioVerdict({ ...evidence, effect: 0.3 })).toBe('faster');
    expect(costVerdict({ ...evidence, effect: 12 })).toBe('costs more');
    expect(costVerdict({ ...evidence, effect: -12 })).toBe('costs less');
  });

  it('cannot tell when the family corrected p-value is too large', () => {
    expect(ratioVerdict({ ...evidence, adjustedPValue: 0.05 })).toBe('cannot tell');
  });

  it('cannot tell when the effect is no larger than the noise of the reference against itself', () => {
    expect(ratioVerdict({ ...evidence, effect: -0.02 })).toBe('cannot tell');
    expect(costVerdict({ ...evidence, effect: 0.019 })).toBe('cannot tell');
  });

  it('need no noise floor where none was measured', () => {
    expect(ratioVerdict({ ...evidence, noiseFloor: null })).toBe('slower');
    expect(noiseFloorOf(null)).toBeNull();
    expect(noiseFloorOf({ low: -0.04, high: 0.01 })).toBe(0.04);
  });
});
