/** The table of families: it fits, it shows every one, and what each cannot do. */

import { describe, expect, it } from 'vitest';
import { parseStrategyName, strategyNames, traitsOf, variantNames } from '../../src/strategies/registry.ts';
import { familiesOf, familiesText, type NamedStrategy } from './strategy-families.ts';

const limits = {
  stalenessLimitMillis: 2_000,
  accessTokenLifetimeSeconds: 900,
  inactivityTimeoutSeconds: 604_800,
  leewaySeconds: 5,
};

const everyone: readonly NamedStrategy[] = [...strategyNames(), ...variantNames()].map((name) => {
  const parsed = parseStrategyName(name);
  const algorithm = parsed.ok ? parsed.value.algorithm : undefined;
  return { name, ...(algorithm === undefined ? {} : { algorithm }), ...traitsOf(name) };
});
const families = familiesOf(everyone);
const lines = familiesText(families, limits).split('\n');

/** A family's row, and its notes as one text. */
function shown(family: string): { readonly row: string; readonly notes: string } {
  const from = lines.findIndex((line) => line.startsWith(`${family} `));
  const rest = lines.slice(from + 1);
  const notes = rest.slice(
    0,
    rest.findIndex((line) => !line.startsWith('    ')),
  );
  return { row: lines[from] ?? '', notes: notes.map((note) => note.trim()).join(' ') };
}

describe('the table of families', () => {
  it('fits 100 columns', () => {
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  });

  it('has a row for each, and every name can be put together from what it shows', () => {
    for (const { name, family, algorithm } of everyone) {
      const { row, notes } = shown(family);
      expect(row, name).not.toBe('');
      if (algorithm !== undefined) expect(notes, name).toMatch(new RegExp(`algorithms: .*\\b${algorithm}\\b`));
      for (const parameter of name.split('+').slice(1)) expect(notes, name).toContain(`+${parameter}`);
    }
    expect(families.map(({ traits }) => traits.family)).toEqual([...new Set(everyone.map(({ family }) => family))]);
  });

  it('tells B in words and numbers, and each failure by design once, with its rows', () => {
    for (const { traits } of families) {
      const { row, notes } = shown(traits.family);
      const bounds = {
        zero: 'at once',
        'staleness-limit': 'within S = 2 s',
        'remaining-lifetime': traits.refresh ? 'when it expires: 15 min + 5 s' : 'when it expires: 7 days',
        unbounded: 'never: nothing is checked',
      };
      expect(row).toContain(bounds[traits.bound]);
      const rows = [...notes.matchAll(/fails by design: [^()]+ \(rows? ([\d ]+)\)/g)].flatMap(([, shown = '']) =>
        shown.split(' ').map(Number),
      );
      expect(rows).toEqual(traits.failsByDesign.map(({ row }) => row));
      for (const { words } of traits.failsByDesign) expect(notes.split(words)).toHaveLength(2);
    }
  });

  it('tells once, below the table, what a library does that is used in another way', () => {
    const text = lines.join(' ');
    expect(text.match(/\+string-secret: the library imports its secret again with every call/g)).toHaveLength(1);
    expect(text).toMatch(/\+pem: [^+]*a mistake in speed, not in safety\./);
    expect(text).toMatch(/\+cache: the library is asked once about a token/);
    expect(text).not.toContain('+jose: ');
  });

  it('says of one row that it is one, and sorts them', () => {
    const failsByDesign = [
      { row: 56, words: 'does not end' },
      { row: 7, words: 'tells everybody' },
      { row: 54, words: 'does not end' },
    ];
    const toy = { ...traitsOf(strategyNames()[0] ?? ''), family: 'toy', failsByDesign };
    const text = familiesText(familiesOf([{ name: 'toy', ...toy }]), limits);
    expect(text).toContain('fails by design: does not end (rows 54 56)\n');
    expect(text).toContain('fails by design: tells everybody (row 7)\n');
  });

  it('takes a family that nobody has heard of', () => {
    const toy = { ...traitsOf(strategyNames()[0] ?? ''), family: 'toy', bound: 'zero' as const };
    const text = familiesText(familiesOf([{ name: 'toy-xs1+fast', algorithm: 'xs1', ...toy }]), limits);
    expect(text).toMatch(/^toy /m);
    expect(text).toContain('algorithms: xs1');
    expect(text).toContain('parameters: +fast');
  });
});
