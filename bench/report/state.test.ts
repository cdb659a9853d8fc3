import { describe, expect, it } from 'vitest';
import { parseRecord } from '../record/reader.ts';
import type { WindowSample } from '../record/run-events.ts';
import type { NodeStart, StateMeasured } from '../record/state-events.ts';
import { exampleRun } from './example-run.ts';
import { toMarkdown } from './markdown.ts';
import { allValues } from './summarise/expectations.ts';
import { summarise } from './summarise.ts';

const starts = (liveBytes: number, readyMillis: number): NodeStart[] =>
  [0, 1, 2, 3, 4].map((index) => ({
    liveBytes: liveBytes + 1_000 * index,
    readyMillis: readyMillis + index,
    longestPauseMillis: readyMillis / 100 + index,
  }));

function window(nodeCpuMicros: number, statuses: WindowSample['statuses'] = { 200: 1_010 }): WindowSample {
  const redis = { redisCpuMicros: 0, redisCommands: 0, redisNetworkBytes: 0 };
  const load = { durationMillis: 1_000, errors: 0, nodeEventLoopUtilisation: 1, latencyHistogram: '' };
  const generator = { generatorCpuMicros: 0, generatorEventLoopUtilisation: 0 };
  return { ...redis, ...load, ...generator, requests: 1_000, statuses, nodeCpuMicros };
}

const redisWindows = { without: { requests: 500, cpuMicros: 500 }, with: { requests: 500, cpuMicros: 1_000 } };

const measured: StateMeasured = {
  type: 'StateMeasured',
  at: '2026-01-15T10:16:00.000Z',
  contestant: 'session',
  sessions: 10_000,
  redisBytes: { before: 1_000_000, begun: 9_000_000, ended: 6_000_000 },
  events: { entries: 20_000, bytes: 4_000_000 },
  nodes: { without: starts(12_000_000, 400), with: starts(13_500_000, 460) },
  bareReading: { records: 10_000, millis: [20, 20, 20, 20, 20] },
  checks: [
    { node: { without: window(50_000), with: window(51_000) }, redis: redisWindows },
    { node: { without: window(60_000), with: window(61_200) }, redis: redisWindows },
  ],
};

function resultsOf(events: readonly object[], ended = true) {
  const [start, ...others] = exampleRun({ strategies: ['session', 'jwt-hs256'] });
  if (start?.type !== 'RunStarted') throw new Error('no start');
  const scenario = { ...start.scenario, state: { sessions: 10_000, starts: 5, ended } };
  const lines = [{ ...start, scenario }, ...events, ...others];
  return summarise(parseRecord(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), 'events.ndjson'));
}

describe('state', () => {
  it('is what there is more than before, per session', () => {
    const results = resultsOf([measured]);
    expect(results.measures.state?.find(({ contestant }) => contestant === 'session')?.state).toMatchObject({
      state: 'measured',
      value: {
        redisBytesPerSession: 800,
        redisBytesPerEndedSession: 500,
        redisBytesPerEvent: 200,
        eventsPerSession: 2,
        nodeBytesPerRevocation: { estimate: 150 },
        rebuildMillis: { estimate: 60 },
        rebuildOverBareReading: { estimate: 3 },
        bareReadingMillis: { estimate: 20 },
        revocationRecords: 10_000,
        longestPauseMillis: { without: 8, with: 8.6 },
        startMillis: 402,
      },
    });
    const values = new Map(allValues(results).map((value) => [value.name, value.estimate]));
    expect(values.get('session.redisSessionBytes')).toBe(800);
    expect(values.get('session.nodeRevocationBytes')).toBe(150);
    expect(values.get('session.rebuildOverBareReading')).toBe(3);
    expect(values.get('session.longestPauseMillis')).toBe(8.6);
    expect(values.get('session.checkCpuRatio')).toBeCloseTo(1.02, 6);
    expect(values.get('session.checkRedisMicros')).toBeCloseTo(1, 6);
  });

  it('compares the same check of two nodes, and leaves out a pair that was answered otherwise', () => {
    const odd = { node: { without: window(50_000), with: window(90_000, { 200: 1_000, 401: 10 }) }, redis: null };
    const [one] = resultsOf([{ ...measured, checks: [...measured.checks, odd] }]).measures.state?.slice(1) ?? [];
    expect(one?.state).toMatchObject({
      value: {
        checks: {
          pairs: 2,
          pairsLeftOut: 1,
          nodeCpuMicros: { without: 55, with: 56.1 },
          redisCpuMicros: { estimate: 1 },
        },
      },
    });
    const [none] = resultsOf([{ ...measured, checks: [odd] }]).measures.state?.slice(1) ?? [];
    expect(none?.state).toMatchObject({ value: { checks: null } });
  });

  it('says nothing of revocations where the sessions live', () => {
    const live = {
      ...measured,
      redisBytes: { ...measured.redisBytes, ended: null },
      bareReading: { records: 0, millis: [1, 1] },
    };
    const results = resultsOf([live], false);
    expect(results.measures.state?.[1]?.state).toMatchObject({
      value: {
        redisBytesPerEndedSession: null,
        nodeBytesPerRevocation: null,
        rebuildMillis: null,
        rebuildOverBareReading: null,
        checks: { pairs: 2 },
      },
    });
    const report = toMarkdown(results);
    expect(report).toContain('## State');
    expect(report).toContain('### What a check costs with them');
    expect(report).not.toMatch(/per ended one|### A node that starts|NaN|undefined/);
  });

  it('is not asked of the reference, and not reached where the run ended before', () => {
    const state = resultsOf([measured]).measures.state;
    expect(state?.find(({ contestant }) => contestant === 'none')?.state).toMatchObject({ reason: 'not-applicable' });
    expect(state?.find(({ contestant }) => contestant === 'jwt-hs256')?.state).toMatchObject({ reason: 'not-reached' });
  });

  it('is void where a logout was refused', () => {
    const voided = {
      type: 'TrialVoided',
      at: measured.at,
      contestant: 'session',
      measure: 'state',
      reason: 'a logout was answered with 503',
    };
    const results = resultsOf([voided]);
    expect(results.measures.state?.find(({ contestant }) => contestant === 'session')?.state).toMatchObject({
      state: 'voided',
    });
  });

  it('has a section of its own', () => {
    const report = toMarkdown(resultsOf([measured]));
    expect(report).toMatch(/## State[\s\S]+\| session \| 800 \| 500 \| 2\.0 \| 200 \|/);
    expect(report).toMatch(/\| session \| \+150 \[.+\| \+60 \[.+\| 20 \[.+\| 3\.0 \[.+\| 402 \| 9 \(8\) \|/);
    expect(report).toMatch(/\| session \| 1\.020 \[.+\| 55\.0 \| 56\.1 \| \+1\.0 \[.+\| 2 \|/);
  });

  it('says where no check asks Redis', () => {
    const checks = measured.checks.map(({ node }) => ({ node, redis: null }));
    expect(toMarkdown(resultsOf([{ ...measured, checks }]))).toMatch(/\| session \| 1\.020 \[.+\| never asked \| 2 \|/);
  });
});
