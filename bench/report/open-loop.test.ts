import { describe, expect, it } from 'vitest';
import { createLatencyHistogram, encodeLatencies, recordLatency } from '../load/histogram.ts';
import type { OpenLoopMeasured, OpenLoopSample } from '../record/open-loop-events.ts';
import { parseRecord } from '../record/reader.ts';
import { exampleRun } from './example-run.ts';
import { toMarkdown } from './markdown.ts';
import { measuredValue } from './summarise/figure.ts';
import { summarise } from './summarise.ts';

/** A thousand requests, one in a hundred of which takes ten times as long. */
function sample(micros: number, changes: Partial<OpenLoopSample> = {}): OpenLoopSample {
  const encoded = (value: number) => {
    const histogram = createLatencyHistogram();
    for (let request = 0; request < 1_000; request += 1) {
      recordLatency(histogram, ((request % 50 === 0 ? 10 : 1) * value) / 1_000);
    }
    return encodeLatencies(histogram);
  };
  return {
    requests: 1_000,
    statuses: { '200': 1_000 },
    errors: 0,
    unanswered: 0,
    latencyHistogram: encoded(micros),
    serviceHistogram: encoded(micros / 2),
    latenessHistogram: encoded(20),
    generatorCpuMicros: 100_000,
    generatorEventLoopUtilisation: 0.2,
    ...changes,
  };
}

function round(contestant: string, index: number, changes: Partial<OpenLoopSample> = {}): OpenLoopMeasured {
  const drift = 5 * (index % 3);
  return {
    type: 'OpenLoopMeasured',
    at: '2026-01-15T10:16:00.000Z',
    contestant,
    round: index + 1,
    order: index % 2 === 0 ? 'contestant-first' : 'reference-first',
    contestantSample: sample(600 + drift, changes),
    referenceSample: sample(400 + drift),
  };
}

function resultsOf(rounds: readonly OpenLoopMeasured[]) {
  const [start, ...events] = exampleRun({ strategies: ['session'] });
  if (start?.type !== 'RunStarted') throw new Error('no start');
  const openLoop = {
    ratePerSecond: 500,
    rounds: 8,
    windowMillis: 2_000,
    rampMillis: 200,
    connections: 64,
    warmupMillis: 0,
  };
  const lines = [{ ...start, scenario: { ...start.scenario, openLoop } }, ...rounds, ...events];
  return summarise(parseRecord(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), 'events.ndjson'));
}

const sessionOf = (results: ReturnType<typeof resultsOf>) =>
  results.measures.openLoop?.find(({ contestant }) => contestant === 'session')?.latency;
const eight = Array.from({ length: 8 }, (_, index) => index);

describe('open-loop results', () => {
  it('hold medians with intervals, percentiles that are carried, and the reference beside them', () => {
    const latency = sessionOf(resultsOf(eight.map((index) => round('session', index))));
    const value = latency === undefined ? null : measuredValue(latency);
    expect(value).toMatchObject({ rounds: 8, requests: 8_000, unanswered: 0 });
    expect(value?.p50Micros.estimate).toBeCloseTo(605, -1);
    expect(value?.p50OverReferenceMicros.estimate).toBeCloseTo(200, -1);
    expect(value?.latencyMicros.p99).toBeGreaterThan(5_500);
    expect(value?.latencyMicros.p999).toBeNull();
    expect(value?.serviceMicros.p50).toBeLessThan(330);
  });

  it('leave out windows in which something else was answered, and say so', () => {
    const rounds = eight.map((index) =>
      round('session', index, index === 3 ? { statuses: { '200': 999, '401': 1 } } : {}),
    );
    const results = resultsOf(rounds);
    expect(sessionOf(results)).toMatchObject({
      state: 'measured',
      value: { rounds: 7 },
      weakenedBy: ['open-loop-answers'],
    });
    expect(results.warnings).toContainEqual(
      expect.objectContaining({
        kind: 'open-loop-answers',
        contestant: 'session',
        statuses: { '401': 1 },
        roundsLeftOut: 1,
      }),
    );
    const all = eight.map((index) => round('session', index, { errors: 2 }));
    expect(sessionOf(resultsOf(all))).toMatchObject({ state: 'voided', reasons: ['open-loop-answers'] });
  });

  it('are weaker when requests were not answered or the pacer was late', () => {
    const late = createLatencyHistogram();
    for (let request = 0; request < 1_000; request += 1) recordLatency(late, 2);
    const latenessHistogram = encodeLatencies(late);
    const results = resultsOf(eight.map((index) => round('session', index, { unanswered: 3, latenessHistogram })));
    expect(sessionOf(results)).toMatchObject({ weakenedBy: ['requests-unanswered', 'pacer-late'] });
  });

  it('are told in a section with whole rows', () => {
    const report = toMarkdown(resultsOf(eight.map((index) => round('session', index))));
    expect(report).toContain('## Latency at a fixed arrival rate');
    const section = report.split('## Latency at a fixed arrival rate')[1] ?? '';
    expect(section).toMatch(/\| session \| 60\d \[\d+, \d+\] \| \+200 \[/);
    expect(section).not.toMatch(/undefined|NaN/);
  });
});
