/** What is remembered, for how long, and what races: on a clock that moves only when told to. */

import { beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../kernel/clock.ts';
import { type Moment, RecordMemory } from './record-cache-memory.ts';

const stalenessLimitMillis = 2_000;

let clock: ManualClock;
let memory: RecordMemory;

const now = (): Moment => ({ monotonicMillis: clock.monotonicMillis(), wallMillis: clock.wallMillis() });
const isFresh = (): boolean => memory.isFresh(clock.monotonicMillis(), clock.wallMillis());
const remember = (key: string, value: string): void => memory.answered(memory.ask(key), value);

beforeEach(() => {
  clock = new ManualClock();
  memory = new RecordMemory({ stalenessLimitMillis, maximumEntries: 3 });
  memory.open(now());
});

describe('freshness', () => {
  test('begins with an answered ping, and runs from when it was sent', () => {
    expect(isFresh()).toBe(false);
    const ping = memory.pinged(now());
    clock.advance(500);
    expect(isFresh()).toBe(false);
    memory.ponged(ping);
    expect(memory.ageMillis(now())).toBe(500);
    clock.advance(1_500);
    expect(isFresh()).toBe(true);
    clock.advance(1);
    expect(isFresh()).toBe(false);
  });

  test('an answer that overtook a later one takes nothing back', () => {
    const early = memory.pinged(now());
    clock.advance(1_000);
    const late = memory.pinged(now());
    memory.ponged(late);
    memory.ponged(early);
    clock.advance(2_000);
    expect(isFresh()).toBe(true);
  });

  test('wall time fences as well: the machine was suspended', () => {
    memory.ponged(memory.pinged(now()));
    clock.jumpWall(2_001);
    expect(isFresh()).toBe(false);
    expect(memory.isSilent(now())).toBe(true);
  });

  test('an answer from an earlier life, or after the end, proves nothing', () => {
    const ping = memory.pinged(now());
    memory.open(now());
    memory.ponged(ping);
    expect(isFresh()).toBe(false);
    const another = memory.pinged(now());
    memory.close();
    memory.ponged(another);
    memory.ponged(memory.pinged(now()));
    expect(isFresh()).toBe(false);
  });

  test('silence counts from the newest answer, before the first from the opening', () => {
    clock.advance(2_000);
    expect(memory.isSilent(now())).toBe(false);
    memory.ponged(memory.pinged(now()));
    clock.advance(2_000);
    expect(memory.isSilent(now())).toBe(false);
    clock.advance(1);
    expect(memory.isSilent(now())).toBe(true);
    memory.close();
    expect(memory.isSilent(now())).toBe(false);
  });
});

describe('entries', () => {
  test('stay until somebody says that they have changed, and no others', () => {
    remember('a', '1');
    remember('b', '2');
    memory.forget(['a', 'unknown']);
    expect([memory.recall('a'), memory.recall('b')]).toEqual([undefined, '2']);
    memory.forget(null);
    expect(memory.size).toBe(0);
  });

  test('do not outlive the connections on which changes are told', () => {
    remember('a', '1');
    memory.open(now());
    expect(memory.recall('a')).toBeUndefined();
    remember('a', '1');
    memory.close();
    expect(memory.recall('a')).toBeUndefined();
  });

  test('give way to newer ones, the one that was read longest ago first', () => {
    for (const key of ['a', 'b', 'c', 'a', 'd']) remember(key, key);
    expect(['a', 'b', 'c', 'd'].map((key) => memory.recall(key))).toEqual(['a', undefined, 'c', 'd']);
    expect(memory.size).toBe(3);
  });

  test('what is absent is not remembered: it would crowd out what is there', () => {
    memory.answered(memory.ask('a'), null);
    expect(memory.size).toBe(0);
  });
});

describe('a read that races a change', () => {
  test.each([[['a']], [null]])('is answered, but not remembered (%j)', (changed) => {
    const mark = memory.ask('a');
    memory.forget(changed);
    memory.answered(mark, 'before the change');
    expect(memory.recall('a')).toBeUndefined();
  });

  test('spoils every read that was under way, and none that is sent afterwards', () => {
    const [first, second] = [memory.ask('a'), memory.ask('a')];
    memory.forget(['a']);
    const third = memory.ask('a');
    memory.answered(first, 'old');
    memory.answered(third, 'new');
    memory.answered(second, 'old');
    expect(memory.recall('a')).toBe('new');
  });

  test('of another record spoils nothing', () => {
    const mark = memory.ask('a');
    memory.forget(['b']);
    memory.answered(mark, 'good');
    expect(memory.recall('a')).toBe('good');
  });

  test('with the loss of the connections is not remembered in the next life', () => {
    const mark = memory.ask('a');
    memory.close();
    memory.open(now());
    memory.answered(mark, 'from before');
    expect(memory.recall('a')).toBeUndefined();
  });

  test('leaves no mark behind that a later read would suffer from', () => {
    for (const value of ['1', null, '2']) memory.answered(memory.ask('a'), value);
    memory.forget(['a']);
    remember('a', '3');
    expect(memory.recall('a')).toBe('3');
  });
});
