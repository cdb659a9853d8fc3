/** Output as lines: cut anywhere, awaited before and after it came. */

import { describe, expect, test } from 'vitest';
import { ChildOutput } from './child-output.ts';

describe('lines', () => {
  test('are put together from pieces, each stream by itself', () => {
    const output = new ChildOutput();
    output.add('stdout', 'one\ntw');
    output.add('stderr', 'warn');
    output.add('stdout', 'o\r\nthree');
    expect(output.last(10)).toBe('one\ntwo');
    output.add('stderr', 'ing\n');
    output.end();
    expect(output.last(2)).toBe('warning\nthree');
  });

  test('of a child that never ends its line are cut', () => {
    const output = new ChildOutput();
    output.add('stdout', 'x'.repeat(70_000));
    expect(output.last(1)).toHaveLength(70_000);
    output.add('stdout', 'after\n');
    expect(output.last(1)).toBe('after');
  });

  test('are forgotten from the oldest on', () => {
    const output = new ChildOutput();
    for (let line = 0; line < 1_500; line += 1) output.add('stdout', `${line}\n`);
    const kept = output.last(10_000).split('\n');
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([1_000, '500', '1499']);
  });
});

describe('waiting', () => {
  test('finds a line that came before, and one that comes after', async () => {
    const output = new ChildOutput();
    output.add('stdout', 'listening on 1\n');
    await expect(output.waitFor(/listening/, 10_000)).resolves.toBe('listening on 1');
    const ready = output.waitFor((line) => line.startsWith('ready'), 10_000);
    output.add('stdout', 'ready to go\n');
    await expect(ready).resolves.toBe('ready to go');
  });

  test('is not misled by an expression that remembers its place', async () => {
    const output = new ChildOutput();
    output.add('stdout', 'ready\n');
    const ready = /ready/g;
    await expect(output.waitFor(ready, 10_000)).resolves.toBe('ready');
    await expect(output.waitFor(ready, 10_000)).resolves.toBe('ready');
  });

  test('gives up when the output ends, before or meanwhile, and when time is up', async () => {
    const output = new ChildOutput();
    await expect(output.waitFor(/never/, 1)).resolves.toBeNull();
    const waiting = output.waitFor(/never/, 60_000);
    output.end();
    await expect(waiting).resolves.toBeNull();
    await expect(output.waitFor(/never/, 60_000)).resolves.toBeNull();
  });

  test('an unfinished last line counts', async () => {
    const output = new ChildOutput();
    output.add('stderr', 'fatal: no space');
    const waiting = output.waitFor(/no space/, 60_000);
    output.end();
    await expect(waiting).resolves.toBe('fatal: no space');
  });
});
