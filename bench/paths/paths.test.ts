/** The benchmark of paths still runs, every path of it, and its arithmetic is right. */

import { describe, expect, test } from 'vitest';
import { MemoryEventLog } from '../../src/eventlog/memory-event-log.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { allPaths } from './all-paths.ts';
import { measurePaths, type Path } from './measure.ts';
import { pathTables } from './table.ts';

const random = () => 0.5;

describe('measurePaths', () => {
  function clocked(cost: Record<string, number>) {
    let now = 0;
    const path = (name: string): Path => ({
      ...{ group: 'g', name, floor: 'floor' },
      turn: (times) => {
        now += times * (cost[name] ?? 0);
      },
    });
    return { path, options: { rounds: 8, turnMillis: 10, random, now: () => now } };
  }

  test('tells the time of each, and how many times that of its floor it is', async () => {
    const { path, options } = clocked({ floor: 0.5, slow: 1 });
    const results = await measurePaths([path('slow'), path('floor')], options);
    expect(results.map(({ name, micros }) => [name, micros])).toEqual([
      ['slow', 1_000],
      ['floor', 500],
    ]);
    expect(results[0]?.ratio).toMatchObject({ estimate: 2, low: 2, high: 2 });
    expect(pathTables(results)).toBe('g\n  slow   1000 us  2.00 (2.00 to 2.00) of floor\n  floor   500 us');
  });

  test('refuses a path whose floor is not there', async () => {
    const { path, options } = clocked({ alone: 1 });
    await expect(measurePaths([path('alone')], options)).rejects.toThrow('g has no path floor');
  });
});

test('every path runs', { timeout: 60_000 }, async () => {
  const log = new MemoryEventLog({ partitions: 1, clock: systemClock });
  const { paths, close } = await allPaths({ tokens: 10, revocations: 10 }, log);
  const now = () => performance.now();
  const results = await measurePaths(paths, { rounds: 2, turnMillis: 0.01, random, now });
  for (const { group, name, micros, ratio } of results) {
    expect(micros, `${group}: ${name}`).toBeGreaterThan(0);
    expect(ratio, `${group}: ${name}`).not.toBeNull();
  }
  await close();
  await log.close();
});
