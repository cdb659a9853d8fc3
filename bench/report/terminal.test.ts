import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../record/reader.ts';
import { type ExampleOptions, exampleRecord } from './example-run.ts';
import { summarise } from './summarise.ts';
import { toTerminal } from './terminal.ts';

const resultsOf = (options: ExampleOptions = {}) => summarise(parseRecord(exampleRecord(options), 'events.ndjson'));
const plain = (options: ExampleOptions = {}) => toTerminal(resultsOf(options), { colour: false });

const variations: readonly ExampleOptions[] = [
  {},
  { rounds: 2 },
  { refusing: 'session' },
  { accepting: 'hybrid-hs256' },
  { outcome: null },
  { outcome: 'failed' },
  { generatorSaturated: true },
];

describe('toTerminal', () => {
  it('keeps within 80 columns, whatever happened', () => {
    for (const options of variations) {
      for (const line of plain(options).split('\n')) expect([...line].length).toBeLessThanOrEqual(80);
    }
  });

  it('colours only if asked, and then changes nothing else', () => {
    for (const options of variations) {
      const results = resultsOf(options);
      const coloured = toTerminal(results, { colour: true });
      expect(coloured).toContain('\u001b[');
      expect(stripVTControlCharacters(coloured)).toBe(toTerminal(results, { colour: false }));
      expect(toTerminal(results, { colour: false })).not.toContain('\u001b');
    }
  });

  it('has a row for every contestant, and the noise floor', () => {
    const text = plain();
    for (const { contestant } of resultsOf().contestants) expect(text).toMatch(new RegExp(`^${contestant} `, 'm'));
    expect(text).toMatch(/Noise floor, none against none: \S+ \[-\d\.\d, \d\.\d\] µs/);
    expect(text).toMatch(/^session\s+\+7\d\.\d \[\d+\.\d, \d+\.\d\]\s+1\.00\s+0\.53\s+1\.\d\d ms\s+1\.\d\d ms\s+190$/m);
  });

  it('says void instead of a number, and why', () => {
    expect(plain({ refusing: 'session' })).toMatch(/^session\s+void\s+void\s+void/m);
    expect(plain({ generatorSaturated: true })).toContain('void:   The load generator was saturated');
  });

  it('marks what is weakened, and explains the mark only where it stands', () => {
    expect(plain()).not.toContain('†');
    expect(plain({ rounds: 2 })).toMatch(/†: weakened, see below\.\nweaker: Only 2 rounds/);
  });

  it('says before the table that a run is invalid or incomplete', () => {
    const text = plain({ accepting: 'session' });
    expect(text.indexOf('This run is invalid')).toBeLessThan(text.indexOf('strategy'));
    expect(text.indexOf('This run is invalid')).toBeGreaterThan(0);
  });
});
