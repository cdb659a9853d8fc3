import { describe, expect, test } from 'vitest';
import { seededFraction } from '../../src/kernel/random.ts';
import { crossoversOf, type GrowthPoint, growthOf } from './growth.ts';

const tolerance = { absolute: 0, share: 0.1 };

function pointsOf(levels: readonly number[], value: (level: number) => number, reach = 1): GrowthPoint[] {
  return levels.map((at) => ({ at, estimate: value(at), low: value(at) - reach, high: value(at) + reach }));
}

describe('growth in a word', () => {
  const levels = [1, 2, 4, 8, 16];
  test.each([
    ['flat', () => 100],
    ['linear', (level: number) => 100 + 5 * level],
    ['faster than linear', (level: number) => 100 + level ** 2],
    ['slower than linear', (level: number) => 100 + 30 * Math.log(level)],
    ['falls', (level: number) => 100 - 3 * level],
    ['uneven', (level: number) => (level === 4 ? 150 : 100)],
  ] as const)('%s', (shape, value) => {
    expect(growthOf(pointsOf(levels, value), tolerance).shape).toBe(shape);
  });

  test('no difference that is certain, and intervals wider than the tolerance: cannot tell', () => {
    const points = pointsOf(levels, () => 100, 20);
    expect(growthOf(points, tolerance).shape).toBe('cannot tell');
    expect(growthOf(points, { absolute: 40, share: 0 }).shape).toBe('flat');
  });

  test('a difference within the tolerance is none, however certain', () => {
    expect(
      growthOf(
        pointsOf(levels, (level) => 1_000 + level, 0),
        tolerance,
      ).shape,
    ).toBe('flat');
  });

  test('two levels tell nothing, but their difference is told', () => {
    expect(
      growthOf(
        pointsOf([1, 2], (level) => 100 * level),
        tolerance,
      ),
    ).toEqual({ shape: 'cannot tell', change: 100 });
    expect(growthOf([], tolerance)).toEqual({ shape: 'cannot tell', change: null });
  });

  test('a figure without spread is judged too', () => {
    expect(
      growthOf(
        pointsOf(levels, (level) => 300 + 12 * level, 0),
        tolerance,
      ).shape,
    ).toBe('linear');
    expect(
      growthOf(
        pointsOf(levels, () => 300, 0),
        tolerance,
      ).shape,
    ).toBe('flat');
  });

  test('of sweeps of what does not change, at most one in twenty is called anything but flat', () => {
    const found = simulated(400, levels, () => 100);
    expect(found.filter((shape) => shape !== 'flat').length).toBeLessThanOrEqual(20);
  });

  test('of linear ones, at most one in twelve is called anything but linear', () => {
    const found = simulated(400, levels, (level) => 100 + 4 * level);
    expect(found.filter((shape) => shape !== 'linear').length).toBeLessThanOrEqual(33);
  });

  function simulated(times: number, at: readonly number[], value: (level: number) => number) {
    const fraction = seededFraction(7);
    return Array.from({ length: times }, () => {
      const points = at.map((level) => {
        const estimate = value(level) + normal(fraction);
        return { at: level, estimate, low: estimate - 1.96, high: estimate + 1.96 };
      });
      return growthOf(points, tolerance).shape;
    });
  }

  /** Box and Muller. */
  function normal(fraction: () => number): number {
    return Math.sqrt(-2 * Math.log(1 - fraction())) * Math.cos(2 * Math.PI * fraction());
  }
});

describe('a crossover', () => {
  const levels = [0, 1, 2, 5];

  test('lies where the line between two certain levels meets zero', () => {
    const rising = pointsOf(levels, (level) => 10 + 20 * level);
    const level = pointsOf(levels, () => 40);
    expect(crossoversOf(rising, level)).toEqual([{ at: 1.5, after: 1, before: 2, isFirstLowerBefore: true }]);
    expect(crossoversOf(level, rising)).toEqual([{ at: 1.5, after: 1, before: 2, isFirstLowerBefore: false }]);
  });

  test('needs certainty on both sides', () => {
    const rising = pointsOf(levels, (level) => 10 + 20 * level, 30);
    expect(
      crossoversOf(
        rising,
        pointsOf(levels, () => 40, 30),
      ),
    ).toEqual([]);
  });

  test('is not seen between lines that never meet', () => {
    expect(
      crossoversOf(
        pointsOf(levels, (level) => level),
        pointsOf(levels, (level) => level + 50),
      ),
    ).toEqual([]);
  });

  test('skips levels that are too close to call', () => {
    const left = pointsOf(levels, (level) => 40 * level);
    const right = pointsOf(levels, () => 40);
    expect(crossoversOf(left, right)).toEqual([expect.objectContaining({ after: 0, before: 2, at: 1 })]);
  });
});
