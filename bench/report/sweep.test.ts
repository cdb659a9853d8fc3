import { describe, expect, it } from 'vitest';
import { parseRecord } from '../record/reader.ts';
import type { RunEvent } from '../record/run-events.ts';
import { exampleRun } from './example-run.ts';
import { exampleLinkMeasured, exampleSweepRecord } from './example-sweep.ts';
import { toMarkdown } from './markdown.ts';
import type { Sweep } from './summarise/sweep.ts';
import { summarise } from './summarise.ts';
import { toTerminal } from './terminal.ts';

const strategies = ['session', 'jwt-hs256'];
const rtt: Sweep = { factor: 'added-rtt-millis', levels: [0, 1, 4] };

const resultsOf = (text: string) => summarise(parseRecord(text, 'events.ndjson'));

describe('the results of a sweep', () => {
  it('hold every level as a run of its own, on the axis as it was measured', () => {
    const { sweep, contestants } = resultsOf(exampleSweepRecord(rtt));
    expect(contestants).toEqual([]);
    expect(sweep?.levels.map(({ level, at }) => [level, at])).toEqual([
      [0, 0.15],
      [1, 1.15],
      [4, 4.15],
    ]);
    expect(sweep?.levels[1]?.contestants.map(({ contestant }) => contestant)).toEqual(['none', ...strategies]);
    expect(sweep?.levels[1]?.contestants[1]?.cost).toMatchObject({ state: 'measured', value: { pairs: 10 } });
  });

  it('say what grows, and by how much', () => {
    const growthOf = (added: number) =>
      resultsOf(exampleSweepRecord(rtt, added))
        .sweep?.figures.find(({ figure }) => figure === 'nodeCpuMicros')
        ?.contestants.map(({ contestant, growth }) => [contestant, growth?.shape]);
    expect(growthOf(100)).toEqual([
      ['session', 'linear'],
      ['jwt-hs256', expect.stringMatching(/flat|cannot tell/)],
    ]);
    expect(growthOf(0)?.[0]).toEqual(['session', expect.stringMatching(/flat|cannot tell/)]);
  });

  it('name the place where two strategies change their order', () => {
    const sweep: Sweep = { factor: 'connections', levels: [1, 4, 16] };
    const found = resultsOf(exampleSweepRecord(sweep, 20, { payer: 'jwt-hs256' })).sweep?.figures;
    const cpu = found?.find(({ figure }) => figure === 'nodeCpuMicros');
    expect(cpu?.crossovers).toEqual([
      expect.objectContaining({ left: 'session', right: 'jwt-hs256', isFirstLowerBefore: false }),
    ]);
    const { after = 0, at = 0, before = 0 } = cpu?.crossovers[0] ?? {};
    expect(after).toBeLessThan(at);
    expect(at).toBeLessThan(before);
  });

  it('are invalid when a level is, and say at which level a warning was seen', () => {
    const { validity } = resultsOf(exampleSweepRecord(rtt, 0, { accepting: 'session' }));
    expect(validity).toMatchObject({ state: 'invalid' });
    const { warnings } = resultsOf(exampleSweepRecord(rtt, 0, { refusing: 'session' }));
    expect(warnings.filter(({ kind }) => kind === 'unexpected-answers').length).toBeGreaterThan(0);
  });

  it('keep what was measured before a run was aborted', () => {
    const lines = exampleSweepRecord(rtt).trimEnd().split('\n');
    const cut = lines.findIndex((line) => line.includes('"level":4'));
    const { sweep, run } = resultsOf(`${lines.slice(0, cut).join('\n')}\n`);
    expect(run.outcome).toBe('aborted');
    expect(sweep?.levels[2]?.contestants[1]?.cost).toMatchObject({ state: 'not-measured' });
    const cpu = sweep?.figures.find(({ figure }) => figure === 'nodeCpuMicros');
    expect(cpu?.contestants[0]?.readings.map((reading) => reading === null)).toEqual([false, false, true]);
  });
});

describe('the report of a sweep', () => {
  const results = resultsOf(exampleSweepRecord(rtt, 100));
  const report = toMarkdown(results);

  it('tells the answer, the axis, every figure, the noise and the rule', () => {
    expect(report.match(/^## .*$/gm)).toEqual(
      expect.arrayContaining([
        '## The answer',
        '## The round-trip time',
        '## Node CPU per check, µs',
        '## Throughput, ratio to none',
        '## The noise floor of each level',
        '## How growth is judged',
        '## What was compared',
      ]),
    );
    expect(report).toContain('Node CPU per check grows linearly with session');
    expect(report).toContain('| strategy | 0.15 ms | 1.15 ms | 4.15 ms | growth |');
    expect(report).toContain('| 4.00 | 4.150 |');
  });

  it('has only whole tables', () => {
    for (const table of report.matchAll(/(?:^\|.*\n?)+/gm)) {
      const widths = table[0]
        .trim()
        .split('\n')
        .map((line) => line.split('|').length);
      expect(new Set(widths).size).toBe(1);
    }
  });

  it('is told on a terminal within 80 columns', () => {
    const text = toTerminal(results, { colour: false });
    expect(text).toContain('grows linearly');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});

describe('a sweep of what users have', () => {
  const sweep: Sweep = { factor: 'permissions', levels: [0, 50, 100, 200] };
  const at = '2026-01-15T10:15:30.000Z';

  /** A bearer token that grows with what it carries, and a session that is refused at the end. */
  function sizedRecord(): string {
    const [start, ...others] = exampleRun({ strategies, rounds: 10 });
    if (start?.type !== 'RunStarted') throw new Error('no start');
    const { throughput: _load, revocation: _trials, ...scenario } = start.scenario;
    const events = sweep.levels.flatMap((level): RunEvent[] => {
      const sizes = { authRequestHeaderBytes: 120, loginResponseBytes: 900, largestCookieBytes: 90 };
      const sized = { type: 'SizeMeasured', at, claims: `${level} permissions`, ...sizes, level } as const;
      const jwt: RunEvent = { ...sized, contestant: 'jwt-hs256', requestHeaderBytes: 400 + 45 * level };
      const session: RunEvent =
        level < 200
          ? { ...sized, contestant: 'session', requestHeaderBytes: 150 }
          : { type: 'LoginRefused', at, contestant: 'session', claims: '200 permissions', status: 500, level };
      return [jwt, session];
    });
    const swept = { ...start, scenario: { ...scenario, sweep, tokenSize: {} } };
    return [swept, ...events, others.at(-1)].map((event) => `${JSON.stringify(event)}\n`).join('');
  }

  const report = toMarkdown(resultsOf(sizedRecord()));

  it('says how sizes grow, and who is refused from where on', () => {
    expect(report).toContain('Credential to /profile stays flat with session; it grows linearly with jwt-hs256.');
    expect(report).toContain(
      'session logs nobody in who has 200 permissions (status 500): that is too much for its credential. It is left out of these levels.',
    );
    expect(report).toMatch(/\| session \| 150 \| 150 \| 150 \| login refused \|/);
    expect(report).toMatch(/\| jwt-hs256 \| 400 \| 2,650 \| 4,900 \| 9,400 \| linear \(\+9,000 B\) \|/);
  });

  it('says which limits are outgrown, over all levels', () => {
    expect(report).toMatch(
      /## Limits[\s\S]+\| nginx \| header field \| 8,192 \| jwt-hs256, 200 permissions \(9,398\) \|/,
    );
    expect(report).toContain('No credential at all, because the login was refused: session with 200 permissions');
  });
});

describe('a sweep at a distance', () => {
  it('is drawn over its own factor, and tells the distance', () => {
    const sweep: Sweep = { factor: 'connections', levels: [1, 4, 16] };
    const lines = exampleSweepRecord(sweep)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RunEvent);
    const [start, ...events] = lines;
    if (start?.type !== 'RunStarted') throw new Error('no start');
    const placed = { ...start, scenario: { ...start.scenario, addedRttMillis: 1 } };
    const links = sweep.levels.map((level) => ({ ...exampleLinkMeasured(1), level }));
    const text = [placed, ...links, ...events].map((event) => `${JSON.stringify(event)}\n`).join('');
    const results = resultsOf(text);
    expect(results.sweep?.levels.map(({ at, link }) => [at, link?.addedMillisAsked])).toEqual([
      [1, 1],
      [4, 1],
      [16, 1],
    ]);
    const report = toMarkdown(results);
    expect(report).toMatch(/## The round-trip time[\s\S]+\| 1\.00 \| 1\.150 \|/);
    expect(report).toContain('it is the same for all, and was measured before each level');
    expect(report).not.toContain('a look-up here pays no network');
  });
});
