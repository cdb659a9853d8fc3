/** The checklist as a whole: every row is in the data once, every row that applies is tested, and no test is left out. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { strategyNames, traitsOf } from '../strategies/registry.ts';
import { checklist } from './row.contract.ts';

const rows = 81;

/** By file name. Suites that several tests run, and data, are contracts. */
const sources = new Map(
  readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.ts') && name !== 'coverage.test.ts')
    .map((name) => [name, readFileSync(join(import.meta.dirname, name), 'utf8')]),
);

/** Rows that some test is named by, in order. */
const tested = [...sources.values()]
  .flatMap((text) => [...text.matchAll(/^\s*(?:if \([^\n]*\)\s*)?describeRow\((\d+), /gm)])
  .map(([, row]) => Number(row));

const applying = checklist.filter(({ applies }) => applies === true).map(({ row }) => row);

test('every row stands in the data, once', () => {
  const numbers = checklist.map(({ row }) => row);
  expect(numbers).toEqual(Array.from({ length: rows }, (_, index) => index + 1));
  for (const { row, requirement, sources: from, applies } of checklist) {
    expect([row, requirement.length > 20, from.length > 3, applies === true || applies.length > 20]).toEqual([
      row,
      true,
      true,
      true,
    ]);
  }
});

test('every row that applies has tests', () => {
  const covered = applying.filter((row) => tested.includes(row));
  const others = checklist.flatMap(({ row, applies }) => (applies === true ? [] : [row]));
  process.stdout.write(
    `checklist: ${covered.length} of ${applying.length} rows that apply are tested; ` +
      `${others.length} do not apply${others.length === 0 ? '' : ` (${others.join(' ')})`}\n`,
  );
  expect(applying.filter((row) => !tested.includes(row))).toEqual([]);
  expect(tested.filter((row) => row < 1 || row > rows)).toEqual([]);
});

test('no test of the checklist is left out, or runs alone', () => {
  const left = [...sources].flatMap(([name, text]) =>
    [...text.matchAll(/\.(?:skip|skipIf|runIf|todo|only|fails)\b|\b(?:xit|xtest|xdescribe|fit|fdescribe)\(/g)].map(
      ([found]) => `${name}: ${found}`,
    ),
  );
  expect(left).toEqual([]);
});

test('a strategy fails by design what the checklist asks, and says so in words', () => {
  for (const name of strategyNames()) {
    const { failsByDesign } = traitsOf(name);
    const failed = failsByDesign.map(({ row }) => row);
    expect(new Set(failed).size).toBe(failed.length);
    expect([name, failed.filter((row) => !applying.includes(row))]).toEqual([name, []]);
    for (const { words } of failsByDesign) expect(words).toMatch(/^[a-z].{15,}[^.]$/);
  }
});

test('what fails by design is shown to fail, by a test that reads the trait', () => {
  const shown = new Set(
    [...sources.values()].filter((text) => /failsByDesign\(|expectEnded\(/.test(text)).flatMap(rowsIn),
  );
  const failed = new Set(strategyNames().flatMap((name) => traitsOf(name).failsByDesign.map(({ row }) => row)));
  expect([...failed].filter((row) => !shown.has(row))).toEqual([]);
});

function rowsIn(text: string): readonly number[] {
  return [...text.matchAll(/describeRow\((\d+), /g)].map(([, row]) => Number(row));
}
