/** Whole runs from the command line: complete, interrupted at any moment, killed. They need the compiled lab. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRun } from '../record/reader.ts';
import type { RunEvent } from '../record/run-events.ts';
import { describeBreakdowns } from './run-breakdowns.contract.ts';
import { describeInterruptions, expectNothingLeft, smoke, useLabProcess } from './run-interruptions.contract.ts';

const lab = useLabProcess();

describe('a run', { timeout: 90_000 }, () => {
  test('ends 0, leaves a report that is rebuilt byte for byte, and nothing else', async () => {
    expect(await lab().start('run', smoke, '--runs', lab().runs)).toEqual({ code: 0, signal: null });
    await expectNothingLeft(lab());
    expect(lab().stdout).toContain('jwt-hs256');
    const read = () =>
      ['results.json', 'report.md', 'report.html'].map((file) => readFileSync(join(lab().runFolder(), file), 'utf8'));
    const written = read();
    for (const file of ['results.json', 'report.md', 'report.html'])
      writeFileSync(join(lab().runFolder(), file), 'spoilt');
    expect(await lab().start('report', lab().runFolder())).toEqual({ code: 0, signal: null });
    expect(read()).toEqual(written);
    const events = readFileSync(join(lab().runFolder(), 'events.ndjson'), 'utf8');
    expect(events).not.toMatch(/eyJ[A-Za-z0-9_-]{20}|Bearer |PRIVATE KEY/);
    expectBackgrounds(readRun(lab().runFolder()).events);
  });
});

/** The first of the first round is the last of the second: it stood idle while all others were measured, twice. */
function expectBackgrounds(events: readonly RunEvent[]) {
  const measured = events.filter((event) => event.type === 'BackgroundMeasured');
  const pairs = events.filter((event) => event.type === 'PairMeasured').map(({ contestant }) => contestant);
  expect(pairs.at(-1)).toBe(pairs[0]);
  expect(measured.map(({ contestant }) => contestant)).toContain(pairs[0]);
  for (const { contestantIdle, referenceIdle } of measured) {
    for (const { durationMillis, cpuMicros } of [contestantIdle, referenceIdle]) {
      expect(durationMillis).toBeGreaterThan(500);
      // Nobody asked: far from busy.
      expect(cpuMicros / 1_000).toBeLessThan(0.2 * durationMillis);
    }
  }
}

describeInterruptions({ interrupted: [['measuring cost', 'SIGINT']], twice: [], killed: ['logging in'] });

describeBreakdowns([['a node dies', 'measuring cost']]);

describe('bad input', () => {
  test('is reported with its place, all at once, before anything starts', async () => {
    const file = join(lab().folder, 'bad.yaml');
    writeFileSync(file, 'name: bad\nquestion: why?\nstrategies: [jwt-hs265]\nthroughput:\n  rouns: 3\n');
    expect((await lab().start('run', file, '--runs', lab().runs)).code).toBe(2);
    expect(lab().stderr).toMatch(/bad\.yaml:5:3.*rounds/s);
  });

  test.each([
    [['run', 'nowhere.yaml'], 2, 'nowhere.yaml'],
    [['run', smoke, '--redis-url', 'redis://127.0.0.1:1'], 3, '127.0.0.1:1'],
    [['run', smoke, '--runs', '/proc/nowhere'], 4, '/proc/nowhere'],
    [['report', '/nowhere'], 2, '/nowhere'],
    [['runn'], 2, 'run'],
  ])('%j ends with %i', async (args, code, told) => {
    expect((await lab().start(...args)).code).toBe(code);
    expect(lab().stderr).toContain(told);
    expect(lab().stderr).not.toContain('    at ');
  });
});
