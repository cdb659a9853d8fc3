import { describe, expect, test } from 'vitest';
import { newSessionId } from '../../domain/session-id.ts';
import { liveBytes } from '../../http/lab-heap.ts';
import { ManualClock } from '../../kernel/clock.ts';
import { systemRandomBytes } from '../../kernel/random.ts';
import { type Census, RevocationSet } from './revocation-set.ts';
import { KnownSessionId } from './session-id-words.ts';

const hour = 3_600_000;

function given(): { clock: ManualClock; set: RevocationSet; sweepAll: () => void; later: (millis: number) => number } {
  const clock = new ManualClock();
  const set = new RevocationSet(clock);
  const sweepAll = (): void => {
    // One pass to come to an end and one from the beginning.
    set.sweep(1_000_000);
    set.sweep(1_000_000);
  };
  return { clock, set, sweepAll, later: (millis) => clock.wallMillis() + millis };
}

const newId = (partition = 0): string => newSessionId(partition, systemRandomBytes);
const told = (census: Census): string[] => [...census.unconfirmed()].flat().map(({ id }) => id);

describe.each([
  { spelled: 'as authlab spells them', a: newId(), b: newId() },
  { spelled: 'in any other way', a: '0.a', b: '0.b' },
])('a revocation, ids spelled $spelled', ({ a, b }) => {
  test('is known until it expires, and is then forgotten', () => {
    const { clock, set, sweepAll, later } = given();
    set.add({ id: a, expiresAtMillis: later(10_000) });
    sweepAll();
    expect([set.has(a), set.has(b)]).toEqual([true, false]);
    expect([a, b].map((id) => set.has(new KnownSessionId(id)))).toEqual([true, false]);
    clock.advance(10_000);
    sweepAll();
    expect(set.has(a)).toBe(true);
    clock.advance(1_001);
    sweepAll();
    expect(set.has(a)).toBe(false);
    expect(set.size).toBe(0);
  });

  test('keeps the later of two expiries, whichever comes first', () => {
    const { clock, set, sweepAll, later } = given();
    set.add({ id: a, expiresAtMillis: later(60_000) });
    set.add({ id: a, expiresAtMillis: later(5_000) });
    set.add({ id: b, expiresAtMillis: later(5_000) });
    set.add({ id: b, expiresAtMillis: later(60_000) });
    clock.advance(30_000);
    sweepAll();
    expect([set.has(a), set.has(b), set.size]).toEqual([true, true, 2]);
  });

  test('survives a clock that is set forward and back again', () => {
    const { clock, set, sweepAll, later } = given();
    set.add({ id: a, expiresAtMillis: later(900_000) });
    clock.jumpWall(24 * hour);
    clock.advance(60_000);
    sweepAll();
    clock.jumpWall(-24 * hour);
    sweepAll();
    expect(set.has(a)).toBe(true);
  });

  test('survives a clock that is set back, for as long as it says', () => {
    const { clock, set, sweepAll, later } = given();
    set.add({ id: a, expiresAtMillis: later(900_000) });
    clock.jumpWall(-hour);
    clock.advance(hour);
    sweepAll();
    expect(set.has(a)).toBe(true);
    clock.advance(902_000);
    sweepAll();
    expect(set.has(a)).toBe(false);
  });

  test('is forgotten by a clock that stays ahead', () => {
    const { clock, set, sweepAll, later } = given();
    set.add({ id: a, expiresAtMillis: later(12 * hour) });
    clock.jumpWall(24 * hour);
    sweepAll();
    clock.advance(hour);
    sweepAll();
    expect(set.has(a)).toBe(false);
  });

  test('is told by a census unless it is confirmed, with its expiry, once', () => {
    const { set, later } = given();
    for (const id of [a, b]) set.add({ id, expiresAtMillis: later(60_000) });
    const census = set.census(0);
    census.confirm({ id: a, expiresAtMillis: later(60_000) });
    expect([...census.unconfirmed()].flat()).toEqual([
      { id: b, expiresAtMillis: Math.ceil(later(60_000) / 1_000) * 1_000 },
    ]);
    expect(told(set.census(0)).toSorted()).toEqual([a, b].toSorted());
  });

  test('is no matter of a census when it became known after its beginning', () => {
    const { set, later } = given();
    const census = set.census(0);
    set.add({ id: a, expiresAtMillis: later(60_000) });
    expect(told(census)).toEqual([]);
    expect(set.has(a)).toBe(true);
  });

  test('is not confirmed by being heard of again', () => {
    const { set, later } = given();
    set.add({ id: a, expiresAtMillis: later(60_000) });
    const census = set.census(0);
    set.add({ id: a, expiresAtMillis: later(90_000) });
    expect(told(census)).toEqual([a]);
  });

  test('is no matter of a census once it has expired, nor of that of another partition', () => {
    const { clock, set, later } = given();
    set.add({ id: a, expiresAtMillis: later(1_000) });
    set.add({ id: b, expiresAtMillis: later(60_000) });
    clock.advance(5_000);
    expect(told(set.census(1))).toEqual([]);
    expect(told(set.census('realm'))).toEqual([]);
    expect(told(set.census(0))).toEqual([b]);
  });
});

describe('a set of revocations', () => {
  test('does not take one partition for another', () => {
    const { set, later } = given();
    const id = newId(3);
    set.add({ id, expiresAtMillis: later(60_000) });
    expect([id, id.replace('3.', '4.'), id.replace('3.', '33.')].map((one) => set.has(one))).toEqual([
      true,
      false,
      false,
    ]);
    expect(told(set.census(3))).toEqual([id]);
  });

  test('takes less than 100 bytes for each of many', () => {
    const { set, later } = given();
    const before = liveBytes();
    for (let n = 0; n < 30_000; n += 1) set.add({ id: newId(), expiresAtMillis: later(hour) });
    const bytes = (liveBytes() - before) / set.size;
    expect(bytes).toBeGreaterThan(24);
    expect(bytes).toBeLessThan(100);
  }, 30_000);
});

describe('a clean-up', () => {
  test('looks at about as many entries as it is told', () => {
    const { clock, set, later } = given();
    for (let n = 0; n < 10_000; n += 1) set.add({ id: newId(), expiresAtMillis: later(1_000) });
    clock.advance(5_000);
    set.sweep(1_000);
    expect(set.size).toBeLessThanOrEqual(9_000);
    expect(set.size).toBeGreaterThan(9_000 - 1_024);
  });

  test('reaches every entry of every partition in turn, while others come', () => {
    const { clock, set, later } = given();
    const old = Array.from({ length: 3_000 }, (_, n) => newId(n % 3));
    for (const id of old) set.add({ id, expiresAtMillis: later(1_000) });
    clock.advance(5_000);
    const young = Array.from({ length: 300 }, () => newId());
    for (const id of young) {
      set.add({ id, expiresAtMillis: later(hour) });
      set.sweep(100);
    }
    expect(set.size).toBe(300);
    expect(young.every((id) => set.has(id))).toBe(true);
    expect(old.some((id) => set.has(id))).toBe(false);
  });

  test('keeps the memory bounded by what is alive', () => {
    const { clock, set, later } = given();
    let [largest, last] = [0, ''];
    for (let second = 0; second < 600; second += 1) {
      for (let n = 0; n < 50; n += 1) {
        last = newId();
        set.add({ id: last, expiresAtMillis: later(60_000) });
      }
      clock.advance(1_000);
      set.sweep(200);
      largest = Math.max(largest, set.size);
    }
    expect(largest).toBeLessThan(2 * 50 * 62);
    expect(set.has(last)).toBe(true);
  });
});
