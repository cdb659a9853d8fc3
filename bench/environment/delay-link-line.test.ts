/** The delay line in a time of the tests' own. */

import { describe, expect, it } from 'vitest';
import { DelayLine } from './delay-link-line.ts';

/** Time that moves when told to, and wakes the line at the moments it asked for, no later. */
function startLine() {
  let now = 1_000;
  let wakeAt: number | null = null;
  const heard: string[] = [];
  const line = new DelayLine({
    nowMillis: () => now,
    wakeAt: (dueMillis) => {
      wakeAt = dueMillis;
    },
  });
  return {
    line,
    heard,
    send: (...names: readonly string[]) => {
      for (const name of names) line.send(() => heard.push(name));
    },
    takes: (millis: number) => {
      now += millis;
    },
    passUntil(moment: number) {
      while (wakeAt !== null && wakeAt <= moment) {
        now = Math.max(now, wakeAt);
        wakeAt = null;
        line.deliverDue();
      }
      now = Math.max(now, moment);
    },
    wakeEarly: () => line.deliverDue(),
  };
}

describe('a delay line', () => {
  it('delivers at once while there is no delay', () => {
    const { send, heard } = startLine();
    send('a', 'b');
    expect(heard).toEqual(['a', 'b']);
  });

  it('delivers each when its own time has passed, not before, in order', async () => {
    const { line, send, heard, passUntil } = startLine();
    await line.setDelay(2.5);
    send('a');
    passUntil(1_001);
    send('b', 'c');
    passUntil(1_002.49);
    expect(heard).toEqual([]);
    passUntil(1_002.5);
    expect(heard).toEqual(['a']);
    passUntil(1_003.4);
    expect(heard).toEqual(['a']);
    passUntil(1_003.5);
    expect(heard).toEqual(['a', 'b', 'c']);
  });

  it('is not misled by a call that comes too early', async () => {
    const { line, send, heard, passUntil, wakeEarly } = startLine();
    await line.setDelay(1);
    send('a');
    wakeEarly();
    expect(heard).toEqual([]);
    passUntil(1_001);
    expect(heard).toEqual(['a']);
  });

  it('delivers what fell due while it was delivering', async () => {
    const { line, send, heard, takes, passUntil } = startLine();
    await line.setDelay(1);
    line.send(() => takes(5));
    passUntil(1_000.5);
    send('late');
    passUntil(1_001);
    expect(heard).toEqual(['late']);
  });

  it('lets nothing overtake when the delay gets shorter, and says when the former time is over', async () => {
    const { line, send, heard, passUntil } = startLine();
    await line.setDelay(10);
    send('slow');
    passUntil(1_004);
    void line.setDelay(0).then(() => heard.push('set'));
    send('fast');
    passUntil(1_009.9);
    await Promise.resolve();
    expect(heard).toEqual([]);
    // What was there before the change, then what came after it.
    passUntil(1_014);
    await Promise.resolve();
    expect(heard).toEqual(['slow', 'fast', 'set']);
    send('now');
    expect(heard.at(-1)).toBe('now');
  });

  it('keeps order over many more than it remembers', async () => {
    const { line, send, heard, passUntil } = startLine();
    await line.setDelay(1);
    const names = Array.from({ length: 5_000 }, (_, index) => `${index}`);
    for (const [index, name] of names.entries()) {
      send(name);
      passUntil(1_000 + index / 2_000);
    }
    passUntil(1_010);
    expect(heard).toEqual(names);
  });
});
