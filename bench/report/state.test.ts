import { describe, expect, it } from 'vitest';
import { parseRecord } from '../record/reader.ts';
import type { NodeStart, StateMeasured } from '../record/state-events.ts';
import { exampleRun } from './example-run.ts';
import { toMarkdown } from './markdown.ts';
import { allValues } from './summarise/expectations.ts';
import { summarise } from './summarise.ts';

const starts = (liveBytes: number, readyMillis: number): NodeStart[] =>
  [0, 1, 2, 3, 4].map((index) => ({ liveBytes: liveBytes + 1_000 * index, readyMillis: readyMillis + index }));

const measured: StateMeasured = {
  type: 'StateMeasured',
  at: '2026-01-15T10:16:00.000Z',
  contestant: 'session',
  sessions: 10_000,
  redisBytes: { before: 1_000_000, begun: 9_000_000, ended: 6_000_000 },
  events: { entries: 20_000, bytes: 4_000_000 },
  nodes: { before: starts(12_000_000, 400), ended: starts(13_500_000, 460) },
};

function resultsOf(events: readonly object[]) {
  const [start, ...others] = exampleRun({ strategies: ['session', 'jwt-hs256'] });
  if (start?.type !== 'RunStarted') throw new Error('no start');
  const scenario = { ...start.scenario, state: { sessions: 10_000, starts: 5 } };
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
        startMillis: 402,
      },
    });
    const names = allValues(results).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['session.redisSessionBytes', 'session.nodeRevocationBytes']));
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
    expect(toMarkdown(resultsOf([measured]))).toMatch(
      /## State[\s\S]+\| session \| 800 \| 500 \| 2\.0 \| 200 \| \+150 \[/,
    );
  });
});
