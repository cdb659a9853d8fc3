/** Loads that take turns: never two at once, and each is told how long it was its turn. */

import { describe, expect, it } from 'vitest';
import { alternate } from './alternate.ts';

/** Loads that note who may send; each turn takes as long as its index says. */
function loadsThatNote(count: number) {
  const sending = new Set<number>();
  const notes: string[] = [];
  const loads = Array.from({ length: count }, (_, index) => {
    let sent = 100;
    return {
      go() {
        sending.add(index);
        notes.push([...sending].join('+'));
      },
      async hold() {
        sending.delete(index);
        sent += index + 1;
      },
      sendingMillis: () => sent,
      answers: () => notes.length,
    };
  });
  return { loads, notes, sending };
}

describe('loads that take turns', () => {
  it('send one at a time, in their order, until each has sent long enough, and are held at the end', async () => {
    const { loads, notes, sending } = loadsThatNote(2);
    const millis = await alternate(loads, { sliceMillis: 1, sendMillis: 3, staysAwake: false });
    expect(notes).toEqual(['0', '1', '0', '1', '0', '1']);
    expect(sending.size).toBe(0);
    expect(millis).toEqual([3, 6]);
  });

  it.each([true, false])(
    'let the event loop wait in between: not where they are to stay awake (%s)',
    async (staysAwake) => {
      const { loads } = loadsThatNote(1);
      const before = performance.eventLoopUtilization();
      await alternate(loads, { sliceMillis: 20, sendMillis: 4, staysAwake });
      const { idle } = performance.eventLoopUtilization(before);
      if (staysAwake) expect(idle).toBeLessThan(20);
      else expect(idle).toBeGreaterThan(40);
    },
  );

  it('end between two turns when they are told to', async () => {
    const { loads, notes, sending } = loadsThatNote(2);
    const ending = new AbortController();
    const end = alternate(loads, { sliceMillis: 1, sendMillis: 1_000, staysAwake: true }, ending.signal);
    ending.abort();
    await end;
    expect(notes).toEqual(['0']);
    expect(sending.size).toBe(0);
  });
});
