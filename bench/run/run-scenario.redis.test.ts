/** Whole runs from the command line: complete, interrupted at any moment, killed. They need the compiled lab. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readRun } from '../record/reader.ts';
import { LabProcess } from './run-process.contract.ts';

const smoke = join(import.meta.dirname, '../../scenarios/smoke.yaml');
const mistakes = join(import.meta.dirname, '../../scenarios/mistakes.yaml');
const phases = ['checking that contestants work', 'logging in', 'measuring cost', 'measuring revocation'];
/** What the project promises: nothing is left this long after the end. */
const goneWithinMillis = 2_000;

let lab: LabProcess;
beforeEach(() => {
  lab = new LabProcess();
});
afterEach(() => lab.remove());

async function expectNothingLeft(): Promise<void> {
  await vi.waitFor(
    () => {
      expect(lab.living()).toEqual([]);
      expect(lab.leftovers()).toEqual([]);
    },
    { timeout: goneWithinMillis, interval: 20 },
  );
}

function outcome(): string {
  const last = readRun(lab.runFolder()).events.at(-1);
  return last?.type === 'RunEnded' ? last.outcome : 'open';
}

describe('a run', { timeout: 90_000 }, () => {
  test('ends 0, leaves a report that is rebuilt byte for byte, and nothing else', async () => {
    expect(await lab.start('run', smoke, '--runs', lab.runs)).toEqual({ code: 0, signal: null });
    await expectNothingLeft();
    expect(lab.stdout).toContain('jwt-hs256');
    const read = () => ['results.json', 'report.md'].map((file) => readFileSync(join(lab.runFolder(), file), 'utf8'));
    const written = read();
    for (const file of ['results.json', 'report.md']) writeFileSync(join(lab.runFolder(), file), 'spoilt');
    expect(await lab.start('report', lab.runFolder())).toEqual({ code: 0, signal: null });
    expect(read()).toEqual(written);
    const events = readFileSync(join(lab.runFolder(), 'events.ndjson'), 'utf8');
    expect(events).not.toMatch(/eyJ[A-Za-z0-9_-]{20}|Bearer |PRIVATE KEY/);
  });

  test.each(
    phases.flatMap((phase) => [
      { phase, signal: 'SIGINT' as const },
      { phase, signal: 'SIGTERM' as const },
    ]),
  )('keeps what it measured when $signal comes while $phase', async ({ phase, signal }) => {
    const ended = lab.start('run', smoke, '--runs', lab.runs);
    await lab.line(phase);
    lab.signal(signal);
    expect(await ended).toEqual({ code: 130, signal: null });
    await expectNothingLeft();
    expect(outcome()).toBe('aborted');
    expect(readFileSync(join(lab.runFolder(), 'report.md'), 'utf8')).toContain('aborted');
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('ends at once on a second %s', async (signal) => {
    const ended = lab.start('run', smoke, '--runs', lab.runs);
    await lab.line('logging in');
    lab.signal(signal);
    lab.signal(signal);
    expect((await ended).code).toBe(130);
    await expectNothingLeft();
  });

  test.each(phases)('leaves nothing but a readable record when it is killed while %s', async (phase) => {
    const ended = lab.start('run', smoke, '--runs', lab.runs);
    await lab.line(phase);
    lab.signal('SIGKILL');
    expect(await ended).toEqual({ code: null, signal: 'SIGKILL' });
    await expectNothingLeft();
    expect(outcome()).toBe('open');
    expect(await lab.start('report', lab.runFolder())).toEqual({ code: 0, signal: null });
    expect(lab.stdout).toContain('aborted');
  });
});

describe('the classic mistakes', { timeout: 90_000 }, () => {
  test('get through where they are made, and at no strategy; the report is rebuilt byte for byte', async () => {
    expect(await lab.start('run', mistakes, '--runs', lab.runs, '--json')).toEqual({ code: 0, signal: null });
    await expectNothingLeft();
    const { mistakes: results, validity } = JSON.parse(lab.stdout);
    expect(validity).toEqual({ state: 'valid' });
    expect(results).toHaveLength(6);
    for (const { broken, right } of results) {
      expect(broken.outcome.kind).toBe('open');
      expect(right.length).toBeGreaterThan(0);
    }
    const logout = results.find(({ mistake }: { mistake: string }) => mistake === 'no-revocation').right;
    const kinds = logout.map((own: { contestant: string; outcome: { kind: string } }) => [
      own.contestant,
      own.outcome.kind,
    ]);
    expect(Object.fromEntries(kinds)).toEqual({
      session: 'blocked',
      'jwt-rs256': 'open-by-design',
      'denylist-hs256': 'blocked',
      // Within the staleness limit, or sooner than the first request.
      'hybrid-rs256': expect.stringMatching(/^(blocked|open)$/),
    });
    const written = readFileSync(join(lab.runFolder(), 'report.md'), 'utf8');
    expect(await lab.start('report', lab.runFolder())).toEqual({ code: 0, signal: null });
    expect(readFileSync(join(lab.runFolder(), 'report.md'), 'utf8')).toBe(written);
    const events = readFileSync(join(lab.runFolder(), 'events.ndjson'), 'utf8');
    expect(events).not.toMatch(/eyJ[A-Za-z0-9_-]{20}|Bearer |PRIVATE KEY/);
  });

  describe('in the middle of an attack that waits', () => {
    let waiting: string;
    beforeEach(() => {
      waiting = join(lab.folder, 'waiting.yaml');
      const wait = 'mistakes: {tried: [no-expiry], accessTokenLifetimeSeconds: 60}';
      writeFileSync(waiting, `name: waiting\nquestion: why?\nstrategies: [jwt-hs256]\n${wait}\n`);
    });

    test.each([
      ['SIGINT', { code: 130, signal: null }, 'aborted'],
      ['SIGKILL', { code: null, signal: 'SIGKILL' }, 'open'],
    ] as const)('leave nothing but the record on %s', async (signal, end, said) => {
      const ended = lab.start('run', waiting, '--runs', lab.runs);
      await lab.line('making the classic mistakes');
      lab.signal(signal);
      expect(await ended).toEqual(end);
      await expectNothingLeft();
      expect(outcome()).toBe(said);
    });
  });
});

describe('bad input', () => {
  test('is reported with its place, all at once, before anything starts', async () => {
    const file = join(lab.folder, 'bad.yaml');
    writeFileSync(file, 'name: bad\nquestion: why?\nstrategies: [jwt-hs265]\nthroughput:\n  rouns: 3\n');
    expect((await lab.start('run', file, '--runs', lab.runs)).code).toBe(2);
    expect(lab.stderr).toMatch(/bad\.yaml:5:3.*rounds/s);
  });

  test.each([
    [['run', 'nowhere.yaml'], 2, 'nowhere.yaml'],
    [['run', smoke, '--redis-url', 'redis://127.0.0.1:1'], 3, '127.0.0.1:1'],
    [['run', smoke, '--runs', '/proc/nowhere'], 4, '/proc/nowhere'],
    [['report', '/nowhere'], 2, '/nowhere'],
    [['runn'], 2, 'run'],
  ])('%j ends with %i', async (args, code, told) => {
    expect((await lab.start(...args)).code).toBe(code);
    expect(lab.stderr).toContain(told);
    expect(lab.stderr).not.toContain('    at ');
  });
});
