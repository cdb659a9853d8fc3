/** Every scenario that comes with authlab takes about as long as its first line says. */

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { traitsOf } from '../../src/strategies/registry.ts';
import { parseScenario } from './load.ts';
import { planScenario } from './sweep.ts';

const folder = new URL('../../scenarios/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

const ones =
  'a one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty';
const numbers = new Map<string, number>([
  ...ones.split(' ').map((word, index): [string, number] => [word, index === 0 ? 1 : index]),
  ...['twenty', 'thirty', 'forty', 'fifty'].flatMap((word, tens): [string, number][] => [
    [word, 10 * (tens + 2)],
    ...ones
      .split(' ')
      .slice(1, 10)
      .map((one, index): [string, number] => [`${word}-${one}`, 10 * (tens + 2) + index + 1]),
  ]),
]);
const units = new Map([
  ['second', 1_000],
  ['minute', 60_000],
  ['hour', 3_600_000],
]);

/** `a minute and a half`, `three and a half minutes`, `ten seconds`, `an hour`; null for any other words. */
function statedMillis(words: string): number | null {
  const half = / and a half\b/.test(words);
  const [, count = '', unit = ''] =
    /^(\S+) (second|minute|hour)s?$/.exec(words.replace(' and a half', '').replace(/^an /, 'a ')) ?? [];
  const number = numbers.get(count) ?? Number(count === '' ? Number.NaN : count);
  const millis = (number + (half ? 0.5 : 0)) * (units.get(unit) ?? Number.NaN);
  return Number.isNaN(millis) ? null : millis;
}

const stated = files.map((file) => {
  const text = readFileSync(new URL(file, folder), 'utf8');
  const words = /\bAbout ([a-z0-9 -]+)/.exec(text.split('\n')[0] ?? '')?.[1] ?? '';
  return { file, text, words, statedMillis: statedMillis(words) };
});

describe('the time that a scenario says it takes', () => {
  it.each(stated)('$file: about $words', ({ file, text, statedMillis: said }) => {
    const parsed = parseScenario(text, file);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
    const { estimateMillis } = planScenario(parsed.value, (strategy) => traitsOf(strategy).bound);
    expect(said).not.toBeNull();
    expect(estimateMillis / (said ?? 0)).toBeGreaterThan(0.75);
    expect(estimateMillis / (said ?? 0)).toBeLessThan(1.25);
  });

  it.each([
    ['a minute and a half', 90_000],
    ['three and a half minutes', 210_000],
    ['ten seconds', 10_000],
    ['twenty-six minutes', 1_560_000],
    ['an hour', 3_600_000],
    ['45 minutes', 2_700_000],
    ['a while', null],
  ])('is read: %s', (words, millis) => {
    expect(statedMillis(words)).toBe(millis);
  });
});
