import { describe, expect, it } from 'vitest';
import type { FaultNotRun } from '../record/fault-events.ts';
import { parseRecord } from '../record/reader.ts';
import type { RunEvent } from '../record/run-events.ts';
import { faultsRecord, inflicted, observed, revoked, type Streak, valid } from './example-faults.ts';
import { leadOf } from './lead-words.ts';
import { toMarkdown } from './markdown.ts';
import { documentOf } from './report-document.ts';
import { summarise } from './summarise.ts';
import { toTerminal } from './terminal.ts';
import { answerOf, standingOf } from './words.ts';

const strategies = ['session', 'jwt-hs256', 'hybrid-hs256'];

function resultsOf(events: readonly RunEvent[], inflictedNames: readonly string[] = ['redis-killed']) {
  return summarise(parseRecord(faultsRecord(events, { strategies, inflicted: inflictedNames }), 'events.ndjson'));
}

const calm: readonly Streak[] = [
  [200, 0, 3_900],
  [200, 4_000, 6_000],
];
const closing: readonly Streak[] = [
  [200, 0, 1_900],
  [503, 2_000, 3_900],
  [503, 4_000, 4_300],
  [200, 4_400, 6_000],
];
const gone: readonly Streak[] = [
  [401, 0, 3_900],
  [401, 4_000, 6_000],
];
const late: readonly Streak[] = [
  [200, 1_050, 2_950],
  [200, 3_050, 3_450],
  [401, 3_550, 6_000],
];
const logout = [204, 1_000] as const;
const session = observed(
  'session',
  [valid([closing, closing]), revoked('revoked-during', [503, 990], [gone, gone], [200, 200], null)],
  { boundMillis: 0 },
);
const jwt = observed('jwt-hs256', [valid([calm, calm]), revoked('revoked-during', logout, [calm, calm], [200, 200])], {
  boundMillis: null,
});
const hybrid = observed('hybrid-hs256', [valid([closing, calm]), revoked('revoked-during', logout, [gone, gone])]);
const brokenHybrid = observed('hybrid-hs256', [
  valid([calm, calm]),
  revoked('revoked-during', logout, [gone, late], [401, 200]),
]);

describe('faults in the report', () => {
  const results = resultsOf([inflicted(), session, jwt, hybrid]);
  const report = toMarkdown(results);

  it('are matrices with the measured number in each cell', () => {
    expect(report).toContain('| fault | session | jwt-hs256 | hybrid-hs256 |');
    expect(report).toContain(
      '| Redis killed | refuses (503) from 2.00 s on | goes on; accepts revoked by design | refuses (503) from 2.00 s on |',
    );
    expect(report).toContain('| Redis killed | 0 / 0 / 0 of 0 | 0 / 0 / 0 of 1 | 0 / 0 / 0 of 1 |');
    expect(report).toContain('| Redis killed | 400 ms | not needed | 400 ms |');
    expect(report).toContain(
      '| Redis killed | 503 (1) within 5.00 ms | 204 (1) within 5.00 ms | 204 (1) within 5.00 ms |',
    );
    expect(report).toContain('| Redis killed | 12.0 ms | 12.0 ms | 12.0 ms |');
  });

  it('say what was done, on what, and how finely it was looked at', () => {
    expect(report).toContain(
      '- *Redis killed*: Redis is killed (row 65). One Redis, appendfsync everysec; it lasted 4.00 s, a credential was shown to a node every 100 ms; a request that asks nobody took up to 20.0 ms. The configuration promises everything under it.',
    );
  });

  it('are answered in words', () => {
    expect(standingOf(results)).toEqual([]);
    expect(answerOf(results)[0]).toBe(
      'One fault was inflicted. Nobody let a logged-out credential in later than its published bound. ' +
        'No acknowledged logout was lost. No valid credential was called invalid. ' +
        'jwt-hs256 accepted logged-out credentials throughout, as their design says. ' +
        'The longest answer of a running node took 12.0 ms.',
    );
  });

  it('fit a terminal, those of whom the same is said together', () => {
    const text = toTerminal(results, { colour: false });
    for (const line of text.split('\n')) expect([...line].length).toBeLessThanOrEqual(80);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'Redis killed refuses (503) from 2.00 s on: session, hybrid-hs256. goes on; accepts revoked by design: jwt-hs256',
    );
  });
});

describe('the lead', () => {
  it('says who was let in, and who was served without a break', () => {
    expect(leadOf(resultsOf([inflicted(), session, jwt, hybrid]))).toEqual([
      'Under "Redis killed" nobody let a logged-out credential in later than its published bound, and no acknowledged logout was lost.',
      'Those who had not logged out were served without a break by jwt-hs256 under 1 of them, and by session and hybrid-hs256 under 0.',
    ]);
    expect(leadOf(resultsOf([inflicted(), session, jwt, brokenHybrid]))[0]).toBe(
      'Under "Redis killed" logged-out credentials were let in later than the published bound, or logouts lost, by hybrid-hs256 (Redis killed).',
    );
  });
});

describe('the cells of the matrices', () => {
  const statesOf = (results: ReturnType<typeof resultsOf>) =>
    documentOf(results)
      .blocks.filter((block) => typeof block === 'object' && block.kind === 'matrix')
      .map(({ rows }) => rows.map(({ cells }) => cells.map(({ state }) => state)));

  it('say at a glance who goes on, who refuses, and who lets in', () => {
    const [behaviour, wrong, recovery, answers, logouts] = statesOf(resultsOf([inflicted({}), session, jwt, hybrid]));
    expect(behaviour).toEqual([['closed', 'open-by-design', 'closed']]);
    expect(wrong).toEqual([['held', 'held', 'held']]);
    expect(recovery).toEqual([['held', 'held', 'held']]);
    expect(answers).toEqual([['held', 'held', 'held']]);
    expect(logouts).toEqual([['closed', 'held', 'held']]);
  });

  it('say that a promise was broken, or what the configuration concedes', () => {
    const broken = statesOf(resultsOf([inflicted({}), session, jwt, brokenHybrid]));
    expect(broken[0]?.[0]?.[2]).toBe('failed');
    expect(broken[1]?.[0]?.[2]).toBe('failed');
  });
});

describe('a promise that was broken', () => {
  const events = [inflicted(), session, jwt, brokenHybrid];

  it('is what the report says first, and makes the run no less valid', () => {
    const results = resultsOf(events);
    expect(results.validity).toEqual({ state: 'valid' });
    expect(standingOf(results)).toEqual([
      'A promise was broken (Redis killed): hybrid-hs256 accepted 1 revoked credential up to 450 ms later than the bound allows and lost 1 of 1 acknowledged logout.',
    ]);
    expect(toMarkdown(results)).toContain('ACCEPTS REVOKED for 2.45 s (bound 2.00 s); lost 1 of 1 acknowledged');
    expect(answerOf(results)[0]).toContain(
      'Logged-out credentials were let in later than the published bound by hybrid-hs256 (Redis killed).',
    );
  });

  it('is no more than a score where the configuration concedes it', () => {
    const promises = { refusesRevoked: false, losesNothing: false, keepsValid: true };
    const conceded = inflicted({ concession: 'Nobody promises that.' });
    const results = resultsOf([conceded, session, jwt, { ...brokenHybrid, promises }]);
    expect(standingOf(results)).toEqual([]);
    expect(toMarkdown(results)).toContain('ACCEPTS REVOKED for 2.45 s (bound 2.00 s); lost 1 of 1 acknowledged');
    expect(toMarkdown(results)).toContain('took up to 20.0 ms. Nobody promises that.');
  });
});

describe('a fault that was not inflicted', () => {
  const notRun: FaultNotRun = {
    type: 'FaultNotRun',
    at: '2026-01-15T10:15:00.000Z',
    fault: 'redis-killed',
    trial: 1,
    title: 'Redis killed',
    deed: 'Redis is killed',
    source: 'row 65',
    reason: 'no such program; install it',
  };

  it('is a row that says so, with the remedy below', () => {
    const report = toMarkdown(resultsOf([notRun]));
    expect(report).toContain('| Redis killed | not run | not run | not run |');
    expect(report).toContain('- *Redis killed*: Redis is killed (row 65). Not run: no such program; install it.');
  });

  it('because the run ended before is named', () => {
    expect(toMarkdown(resultsOf([]))).toContain('Not reached: redis-killed.');
  });

  it('names those of whom the same is said together', () => {
    const conceded = { promises: { refusesRevoked: false, losesNothing: false, keepsValid: true } };
    const lossy = observed('session', brokenHybrid.credentials, { boundMillis: 0, ...conceded });
    const [answer] = answerOf(resultsOf([inflicted(), lossy, jwt, { ...brokenHybrid, ...conceded }]));
    expect(answer).toContain(
      'Acknowledged logouts were lost by session and hybrid-hs256 (Redis killed). ' +
        'No valid credential was called invalid. Nowhere there does the configuration promise otherwise.',
    );
  });

  it('leaves a void cell for a contestant that had failed before', () => {
    expect(toMarkdown(resultsOf([inflicted(), session, jwt]))).toContain('goes on; accepts revoked by design | void |');
  });
});
