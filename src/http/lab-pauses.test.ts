import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { watchPauses } from './lab-pauses.ts';

function standStill(millis: number): void {
  const end = performance.now() + millis;
  while (performance.now() < end);
}

describe('a watch over pauses', () => {
  test('sees the longest, and the one during which it is ended', async () => {
    const watch = watchPauses();
    await pause(20);
    standStill(120);
    watch.end();
    await pause(50);
    const longest = watch.longestMillis();
    expect(longest).toBeGreaterThanOrEqual(118);
    standStill(3 * longest);
    await pause(20);
    expect(watch.longestMillis()).toBe(longest);
  });

  test('sees none before its first look', () => {
    expect(watchPauses().longestMillis()).toBe(0);
  });
});
