/** Tests of the axes of drawings, and of what is left behind when a drawing fails. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { axisOption, linearScale, type Scale } from './axes.ts';
import { svgOf } from './svg.ts';

// Some hundreds of drawings.
vi.setConfig({ testTimeout: 30_000 });

const text = { id: 'figure', className: 'figure', title: 'A figure', alternative: 'Nothing.' };

/** How many of the process's timers would keep it alive. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}

const timersBefore = timers();

function expectDrawn(scale: Scale): void {
  const option = { xAxis: axisOption('x', scale, {}), yAxis: axisOption('y', scale, {}), grid: {} };
  expect(svgOf({ width: 300, height: 200, option }, text)).toContain('<svg');
}

/** Ends of axes with one digit behind the point, whose multiples of a step are none of them exact. */
function* tenths(): Generator<readonly [number, number]> {
  for (let low = 0; low < 30; low += 1) for (let high = low; high < 30; high += 3) yield [low / 10, high / 10];
}

describe('a linear axis', () => {
  it('ends at its first and last tick, around all values, wherever they are', () => {
    for (const values of tenths()) {
      const { min, max, ticks } = linearScale(values, 'number');
      expect([ticks[0]?.at, ticks.at(-1)?.at]).toEqual([min, max]);
      expect(min).toBeLessThan(max);
      expect(min).toBeLessThanOrEqual(values[0]);
      expect(max).toBeGreaterThanOrEqual(values[1]);
    }
  });

  it('is one that can be drawn', () => {
    for (const values of tenths()) expectDrawn(linearScale(values, 'number'));
  });
});

describe('an axis of any kind', () => {
  it('is drawn where arithmetic has left a little more than was meant', () => {
    expectDrawn({ min: 7 * 0.1, max: 1.1, ticks: [], placeOf: (value) => value });
  });
});

describe('a drawing that fails', () => {
  it('leaves nothing behind that keeps the process alive', async () => {
    const broken = () => {
      throw new TypeError('not to be drawn');
    };
    const option = {
      xAxis: { type: 'value' as const, axisLabel: { formatter: broken } },
      yAxis: { type: 'value' as const },
      series: [{ type: 'scatter' as const, data: [[1, 1]] }],
    };
    expect(() => svgOf({ width: 300, height: 200, option }, text)).toThrow('not to be drawn');
    // The last frame of each drawing is still awaited.
    while (timers() > timersBefore) await nextTurn();
  });
});
