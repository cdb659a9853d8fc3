import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../kernel/clock.ts';
import { RevocationSet } from './revocation-set.ts';

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

describe('a revocation', () => {
  test('is known until it expires, and is then forgotten', () => {
    const { clock, set, sweepAll, later } = given();
    set.add({ id: '0.a', expiresAtMillis: later(10_000) });
    sweepAll();
    expect(set.has('0.a')).toBe(true);
    clock.advance(10_000);
    sweepAll();
    expect(set.has('0.a')).toBe(true);
    clock.advance(1_001);
    sweepAll();
    expect(set.has('0.a')).toBe(false);
    expect(set.size).toBe(0);
  });

  test('keeps the later of two expiries, whichever comes first', () => {
    const { clock, set, sweepAll, later } = given();
    set.add({ id: '0.a', expiresAtMillis: later(60_000) });
    set.add({ id: '0.a', expiresAtMillis: later(5_000) });
    set.add({ id: '0.b', expiresAtMillis: later(5_000) });
    set.add({ id: '0.b', expiresAtMillis: later(60_000) });
    clock.advance(30_000);
    sweepAll();
    expect([set.has('0.a'), set.has('0.b')]).toEqual([true, true]);
  });

  test('survives a clock that is set forward and back again', () => {
    const { clock, set, sweepAll, later } = given();
    set.add({ id: '0.a', expiresAtMillis: later(900_000) });
    clock.jumpWall(24 * hour);
    clock.advance(60_000);
    sweepAll();
    clock.jumpWall(-24 * hour);
    sweepAll();
    expect(set.has('0.a')).toBe(true);
  });

  test('survives a clock that is set back, for as long as it says', () => {
    const { clock, set, sweepAll, later } = given();
    set.add({ id: '0.a', expiresAtMillis: later(900_000) });
    clock.jumpWall(-hour);
    clock.advance(hour);
    sweepAll();
    expect(set.has('0.a')).toBe(true);
    clock.advance(902_000);
    sweepAll();
    expect(set.has('0.a')).toBe(false);
  });

  test('is forgotten by a clock that stays ahead', () => {
    const { clock, set, sweepAll, later } = given();
    set.add({ id: '0.a', expiresAtMillis: later(12 * hour) });
    clock.jumpWall(24 * hour);
    sweepAll();
    clock.advance(hour);
    sweepAll();
    expect(set.has('0.a')).toBe(false);
  });
});

describe('a clean-up', () => {
  test('looks at no more entries than it is told', () => {
    const { clock, set, later } = given();
    for (let n = 0; n < 1_000; n += 1) set.add({ id: `0.${n}`, expiresAtMillis: later(1_000) });
    clock.advance(5_000);
    set.sweep(100);
    expect(set.size).toBe(900);
  });

  test('reaches every entry in turn, while others come', () => {
    const { clock, set, later } = given();
    for (let n = 0; n < 1_000; n += 1) set.add({ id: `0.old${n}`, expiresAtMillis: later(1_000) });
    clock.advance(5_000);
    for (let n = 0; n < 300; n += 1) {
      set.add({ id: `0.new${n}`, expiresAtMillis: later(hour) });
      set.sweep(10);
    }
    expect(set.size).toBe(300);
    expect(set.has('0.new0')).toBe(true);
    expect(set.has('0.old999')).toBe(false);
  });

  test('keeps the memory bounded by what is alive', () => {
    const { clock, set, later } = given();
    let largest = 0;
    for (let second = 0; second < 600; second += 1) {
      for (let n = 0; n < 50; n += 1) set.add({ id: `0.${second}.${n}`, expiresAtMillis: later(60_000) });
      clock.advance(1_000);
      set.sweep(200);
      largest = Math.max(largest, set.size);
    }
    expect(largest).toBeLessThan(2 * 50 * 62);
    expect(set.has('0.599.0')).toBe(true);
  });
});
