/** Staying awake: the loop goes round without waiting, what it does for nothing counts as idle, and it ends. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { idleAwakeMillis, keepAwake } from './awake.ts';
import { Spending } from './spending.ts';

function workFor(millis: number): void {
  for (const until = performance.now() + millis; performance.now() < until; );
}

/** Lets the event loop run, which it may do asleep. */
function waitFor(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

describe('a process that is kept awake', () => {
  it('never waits, and is idle all the same', async () => {
    const spending = new Spending();
    const waited = performance.eventLoopUtilization().idle;
    const before = idleAwakeMillis();
    const fallAsleep = keepAwake(() => 0);
    await waitFor(100);
    spending.pause();
    fallAsleep();
    expect(performance.eventLoopUtilization().idle - waited).toBeLessThan(10);
    expect(idleAwakeMillis() - before).toBeGreaterThan(80);
    expect(spending.eventLoopUtilisation).toBeLessThan(0.2);
  });

  it('is busy in the turns that bring work', async () => {
    let done = 0;
    const spending = new Spending();
    const fallAsleep = keepAwake(() => done);
    for (; done < 20; done += 1) {
      workFor(5);
      await nextTurn();
    }
    spending.pause();
    fallAsleep();
    expect(spending.eventLoopUtilisation).toBeGreaterThan(0.8);
  });

  it('waits again when it need not stay awake any longer', async () => {
    keepAwake(() => 0)();
    await nextTurn();
    await nextTurn();
    const awake = idleAwakeMillis();
    const waited = performance.eventLoopUtilization().idle;
    await waitFor(50);
    expect(idleAwakeMillis()).toBe(awake);
    expect(performance.eventLoopUtilization().idle - waited).toBeGreaterThan(30);
  });
});
