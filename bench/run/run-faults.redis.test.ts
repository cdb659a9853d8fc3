/** A whole run of two faults that are cheap: small, to see that every part meets the others and nothing is left. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { expectNothingLeft, outcomeOf, useLabProcess } from './run-interruptions.contract.ts';

const lab = useLabProcess();

let file: string;
beforeEach(() => {
  file = join(lab().folder, 'faulty.yaml');
  const head = 'name: faulty\nquestion: what if?\nbeatIntervalMillis: 100\nstalenessLimitMillis: 600\n';
  const faults = 'faults: {inflicted: [redis-killed, node-paused]}';
  writeFileSync(file, `${head}strategies: [session, jwt-hs256, hybrid-hs256]\n${faults}\n`);
});

describe('a run of faults', { timeout: 90_000 }, () => {
  test('scores every strategy under each, keeps to its thresholds, and leaves nothing', async () => {
    const expectations = ['session', 'jwt-hs256', 'hybrid-hs256'].flatMap((name) =>
      ['faultFalseAccepts', 'faultFalseRejections', 'faultLostLogouts'].flatMap((figure) => [
        '--expect',
        `${name}.${figure} == 0`,
      ]),
    );
    const ended = await lab().start('run', file, '--runs', lab().runs, '--json', ...expectations);
    expect([ended, lab().stderr.match(/error|fault:/i)]).toEqual([{ code: 0, signal: null }, null]);
    await expectNothingLeft(lab());
    const results = JSON.parse(lab().stdout);
    const [killed, paused] = results.measures.faults;
    const failures = (fault: typeof killed) =>
      fault.inflicted.contestants.map((one: { contestant: string; failure: string }) => [one.contestant, one.failure]);
    expect(failures(killed)).toEqual([
      ['session', 'closed'],
      ['jwt-hs256', 'by-design'],
      ['hybrid-hs256', 'closed'],
    ]);
    for (const { acknowledged, lost, acceptedRevoked, logouts, longestAnswerMillis } of killed.inflicted.contestants) {
      expect(acknowledged).toBeGreaterThanOrEqual(3);
      expect([lost, acceptedRevoked.falseAccepts.requests]).toEqual([0, 0]);
      // Nobody is told that the logout was done while Redis was away.
      expect(logouts.statuses[503]).toBeGreaterThanOrEqual(3);
      expect(longestAnswerMillis).toBeLessThan(9_000);
    }
    for (const { befallen, others } of paused.inflicted.contestants) {
      expect(befallen.stoppedMillis).toBeGreaterThan(2_000);
      expect(others.disturbedFromMillis).toBeNull();
    }
    const report = readFileSync(join(lab().runFolder(), 'report.md'), 'utf8');
    expect(report).toContain('| Redis killed | refuses (503) | goes on; accepts revoked by design | refuses (503)');
    expect(report).not.toMatch(/NaN|undefined|\[object/);
    expect(readFileSync(join(lab().runFolder(), 'events.ndjson'), 'utf8')).not.toMatch(/eyJ[A-Za-z0-9_-]{20}|Bearer /);
    expect((await lab().start('report', lab().runFolder())).code).toBe(0);
    expect(readFileSync(join(lab().runFolder(), 'report.md'), 'utf8')).toBe(report);
  });

  test('leaves nothing when it is killed in the middle of one', async () => {
    const ended = lab().start('run', file, '--runs', lab().runs);
    await lab().line('breaking things');
    await expect.poll(() => lab().faultServers().length, { timeout: 30_000 }).toBeGreaterThan(0);
    lab().signal('SIGKILL');
    expect(await ended).toEqual({ code: null, signal: 'SIGKILL' });
    await expectNothingLeft(lab());
    expect(outcomeOf(lab())).toBe('open');
  });
});
