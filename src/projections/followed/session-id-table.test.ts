import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededFraction } from '../../kernel/random.ts';
import { SessionIdTable } from './session-id-table.ts';

/** As many ids as wanted, the same every time. */
function ids(count: number, seed = 1): Uint32Array[] {
  const fraction = seededFraction(seed);
  return Array.from({ length: count }, () => Uint32Array.from({ length: 4 }, () => fraction() * 2 ** 32));
}

function sweepAll(table: SessionIdTable, nowSeconds: number): number {
  let looked = 0;
  for (let place = 0; place < table.places; place += 1) looked += table.sweep(place, nowSeconds);
  return looked;
}

function taken(table: SessionIdTable, mark: number, nowSeconds = 0): string[] {
  const found: string[] = [];
  for (let place = 0; place < table.places; place += 1) {
    table.takeUnmarked(place, mark, nowSeconds, (id, expiry) => found.push(`${id.join()} ${expiry}`));
  }
  return found.toSorted();
}

describe('a table of session ids', () => {
  test('does what a map does, whatever is done to it in whatever order', () => {
    // Few bits differ, so that entries meet in slots and in segments.
    const id = fc.tuple(fc.constantFrom(0, 8, 2 ** 31), fc.integer({ min: 0, max: 40 }), fc.constantFrom(0, 1));
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.record({ add: id, expiry: fc.integer({ min: 1, max: 50 }) }) },
      { weight: 1, arbitrary: fc.record({ sweepAt: fc.integer({ min: 0, max: 50 }) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const table = new SessionIdTable();
        const model = new Map<string, number>();
        for (const done of steps) {
          if ('sweepAt' in done) {
            sweepAll(table, done.sweepAt);
            for (const [key, expiry] of model) if (expiry < done.sweepAt) model.delete(key);
          } else {
            const words = Uint32Array.from([done.add[0], done.add[1], done.add[2], 9]);
            table.add(words, done.expiry, 0, false);
            model.set(words.join(), Math.max(model.get(words.join()) ?? 0, done.expiry));
          }
          expect(table.size).toBe(model.size);
        }
        expect(taken(table, 1)).toEqual([...model].map(([key, expiry]) => `${key} ${expiry}`).toSorted());
      }),
    );
  });

  test('holds many, knows each, and knows no other', () => {
    const table = new SessionIdTable();
    const [known, unknown] = [ids(20_000), ids(20_000, 2)];
    for (const id of known) table.add(id, 100, 0, false);
    expect(table.size).toBe(20_000);
    expect(known.every((id) => table.has(id))).toBe(true);
    expect(unknown.some((id) => table.has(id))).toBe(false);
    for (let word = 0; word < 4; word += 1) {
      const other = Uint32Array.from(known[0] ?? []);
      other[word] = (other[word] ?? 0) ^ 1;
      expect(table.has(other)).toBe(false);
    }
  });

  test('takes no step that grows with it', () => {
    const table = new SessionIdTable();
    let longest = 0;
    for (const id of ids(40_000)) {
      const before = table.places;
      table.add(id, 100, 0, false);
      // The directory alone grows as a whole: one place for some hundred entries.
      if (table.places !== before) expect(table.places / table.size).toBeLessThan(0.01 + 8 / table.size);
    }
    for (let place = 0; place < table.places; place += 1) longest = Math.max(longest, table.sweep(place, 0));
    expect(longest).toBeLessThan(1_024);
  });

  test('does not split for ever where all ids are alike', () => {
    const table = new SessionIdTable();
    for (let index = 0; index < 2_000; index += 1) table.add(Uint32Array.from([5, 7, index, 0]), 100, 0, false);
    expect(table.size).toBe(2_000);
    expect(table.has(Uint32Array.from([5, 7, 1_999, 0]))).toBe(true);
  });

  test('looks at every entry once in a sweep, and lets go of the room of those that went', () => {
    const table = new SessionIdTable();
    const all = ids(20_000);
    for (const [index, id] of all.entries()) table.add(id, index % 100 === 0 ? 1_000 : 10, 0, false);
    expect(sweepAll(table, 11)).toBe(20_000);
    expect(table.size).toBe(200);
    expect(all.filter((id) => table.has(id))).toHaveLength(200);
    expect(sweepAll(table, 11)).toBe(200);
  });

  test('remembers the later of two expiries, however far off', () => {
    const table = new SessionIdTable();
    const [id = new Uint32Array(4)] = ids(1);
    for (const expiry of [5, 2 ** 40, 7]) table.add(id, expiry, 0, false);
    sweepAll(table, 4_000_000_000);
    expect(table.has(id)).toBe(true);
  });

  test('tells what has a lower mark and has not expired, once', () => {
    const table = new SessionIdTable();
    const [old, marked, expired, young] = ids(4) as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
    for (const id of [old, marked]) table.add(id, 100, 1, false);
    table.add(expired, 10, 1, false);
    table.add(young, 100, 2, false);
    table.add(old, 200, 2, false);
    table.add(marked, 50, 2, true);
    expect(taken(table, 2, 50)).toEqual([`${old.join()} 200`]);
    expect(taken(table, 2, 50)).toEqual([]);
    expect(taken(table, 3, 50)).toHaveLength(3);
  });

  test('tells all while it grows between two places', () => {
    const table = new SessionIdTable();
    const first = ids(5_000);
    for (const id of first) table.add(id, 100, 0, false);
    const later = ids(20_000, 3);
    const found = new Set<string>();
    for (let place = 0; place < table.places; place += 1) {
      table.takeUnmarked(place, 1, 0, (id) => found.add(id.join()));
      for (const id of later.splice(0, 2_000)) table.add(id, 100, 1, false);
    }
    expect(found).toEqual(new Set(first.map((id) => id.join())));
  });
});
