/** Whole runs of the classic mistakes from the command line: complete, and ended in the middle of one. They need the compiled lab. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { expectNothingLeft, outcomeOf, useLabProcess } from './run-interruptions.contract.ts';

const mistakes = join(import.meta.dirname, '../../scenarios/mistakes.yaml');

const lab = useLabProcess();

describe('the classic mistakes', { timeout: 90_000 }, () => {
  test('get through where they are made, and at no strategy; the report is rebuilt byte for byte', async () => {
    expect(await lab().start('run', mistakes, '--runs', lab().runs, '--json')).toEqual({ code: 0, signal: null });
    await expectNothingLeft(lab());
    const { mistakes: results, validity } = JSON.parse(lab().stdout);
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
    const written = readFileSync(join(lab().runFolder(), 'report.md'), 'utf8');
    expect(await lab().start('report', lab().runFolder())).toEqual({ code: 0, signal: null });
    expect(readFileSync(join(lab().runFolder(), 'report.md'), 'utf8')).toBe(written);
    const events = readFileSync(join(lab().runFolder(), 'events.ndjson'), 'utf8');
    expect(events).not.toMatch(/eyJ[A-Za-z0-9_-]{20}|Bearer |PRIVATE KEY/);
  });

  describe('in the middle of an attack that waits', () => {
    let waiting: string;
    beforeEach(() => {
      waiting = join(lab().folder, 'waiting.yaml');
      const wait = 'mistakes: {tried: [no-expiry], accessTokenLifetimeSeconds: 60}';
      writeFileSync(waiting, `name: waiting\nquestion: why?\nstrategies: [jwt-hs256]\n${wait}\n`);
    });

    test.each([
      ['SIGINT', { code: 130, signal: null }, 'aborted'],
      ['SIGKILL', { code: null, signal: 'SIGKILL' }, 'open'],
    ] as const)('leave nothing but the record on %s', async (signal, end, said) => {
      const ended = lab().start('run', waiting, '--runs', lab().runs);
      await lab().line('making the classic mistakes');
      lab().signal(signal);
      expect(await ended).toEqual(end);
      await expectNothingLeft(lab());
      expect(outcomeOf(lab())).toBe(said);
    });
  });
});
