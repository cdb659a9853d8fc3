import { describe, expect, it } from 'vitest';
import type { BackgroundMeasured } from '../../record/background-events.ts';
import { parseRecord } from '../../record/reader.ts';
import type { PairMeasured, RunEvent, WindowSample } from '../../record/run-events.ts';
import { surroundingsOf } from '../compare-surroundings.ts';
import { exampleRun } from '../example-run.ts';
import { toMarkdown } from '../markdown.ts';
import { summarise } from '../summarise.ts';
import { lessBackground } from './background.ts';
import { backgroundDoubt, compareCosts, estimateCost } from './cost-of-check.ts';
import { measuredValue } from './figure.ts';
import type { Results } from './results.ts';

const at = '2026-01-15T10:16:00.000Z';

/** In a period of ten seconds. */
function background(round: number, contestantMillis: number, referenceMillis: number, process = 1): BackgroundMeasured {
  const periodOf = (millis: number) => ({ durationMillis: 10_000, cpuMicros: 1_000 * millis });
  const idle = { contestantIdle: periodOf(contestantMillis), referenceIdle: periodOf(referenceMillis) };
  return { type: 'BackgroundMeasured', at, contestant: 'jwt', round, ...(process > 1 && { process }), ...idle };
}

/** Windows of half a second, in turns with the other's: a thousand requests each. */
function pair(round: number, costMicros: number, process = 1, otherTurnsMillis: number | null = 500): PairMeasured {
  const sample = (micros: number): WindowSample => ({
    requests: 1_000,
    durationMillis: 500,
    ...(otherTurnsMillis !== null && { otherTurnsMillis }),
    statuses: { 200: 1_000 },
    errors: 0,
    nodeCpuMicros: 1_000 * micros,
    nodeEventLoopUtilisation: 1,
    redisCpuMicros: 0,
    redisCommands: 0,
    redisNetworkBytes: 0,
    generatorCpuMicros: 0,
    generatorEventLoopUtilisation: 0,
    latencyHistogram: '',
  });
  const samples = { contestantSample: sample(100 + costMicros), referenceSample: sample(100) };
  const answers = { contestantAnswerBytes: 1, referenceAnswerBytes: 1 };
  return {
    type: 'PairMeasured',
    at,
    contestant: 'jwt',
    round,
    order: 'contestant-first',
    process,
    ...samples,
    ...answers,
  };
}

const costs = [10, 12, 11, 9, 10, 13, 10, 11];
const pairs = costs.map((cost, index) => pair(index + 1, cost));

describe('the CPU of nodes that nobody asks', () => {
  it('is taken off for the time of the other side, of either side', () => {
    const [first] = lessBackground(pairs, [background(2, 60, 10)]);
    // 6 and 1 ms a second, in half a second, over a thousand requests.
    expect(first?.contestantSample.nodeCpuMicros).toBeCloseTo(110_000 - 3_000);
    expect(first?.referenceSample.nodeCpuMicros).toBeCloseTo(100_000 - 500);
    expect(first?.takenOff?.contestant).toBeCloseTo(3);
    expect(estimateCost(lessBackground(pairs, [background(2, 60, 10)]))?.nodeCpuMicros.estimate).toBeCloseTo(
      (estimateCost(pairs)?.nodeCpuMicros.estimate ?? 0) - 2.5,
    );
  });

  it('is the median of the idle periods of that process, and of no other', () => {
    const measured = [
      background(2, 60, 10),
      background(3, 1_000, 10),
      background(4, 40, 10),
      background(6, 200, 20, 2),
    ];
    const [first, second, third] = lessBackground([pair(1, 10), pair(5, 10, 2), pair(7, 10, 3)], measured);
    expect(first?.takenOff?.contestant).toBeCloseTo(3);
    expect(second?.takenOff).toEqual({ contestant: 10, reference: 1 });
    expect(third).toEqual(pair(7, 10, 3));
  });

  it('is never more than was spent, and nothing where the turns were not told apart', () => {
    const [drained] = lessBackground([pair(1, 10)], [background(2, 1e6, 0)]);
    expect(drained?.contestantSample.nodeCpuMicros).toBe(0);
    expect(drained?.takenOff).toEqual({ contestant: 110, reference: 0 });
    expect(lessBackground([pair(1, 10, 1, null)], [background(2, 60, 10)])[0]?.contestantSample.nodeCpuMicros).toBe(
      110_000,
    );
    expect(lessBackground(pairs, [])).toEqual(pairs);
  });

  it('makes no interval narrower: half of what is taken off counts as an error', () => {
    const less = lessBackground(pairs, [background(2, 60, 10)]);
    for (const estimate of ['nodeCpuMicros', 'nodeCpuMicrosWhole'] as const) {
      const [before, after] = [estimateCost(pairs)?.[estimate], estimateCost(less)?.[estimate]];
      if (before === undefined || after === undefined) throw new Error('eight pairs');
      const doubts = estimate === 'nodeCpuMicros' ? [3, 0.5] : [3];
      const added = doubts.reduce((sum, micros) => sum + (backgroundDoubt * micros) ** 2, 0);
      expect(after.standardError ** 2 - before.standardError ** 2).toBeCloseTo(added);
      expect(after.high - after.low).toBeGreaterThan(before.high - before.low);
    }
    const width = (one: ReturnType<typeof compareCosts>) => (one === null ? Number.NaN : one.high - one.low);
    expect(width(compareCosts(less, less))).toBeGreaterThan(width(compareCosts(pairs, pairs)));
  });
});

describe('a run whose nodes were watched while they stood idle', () => {
  const resultsOf = (events: readonly RunEvent[]): Results =>
    summarise(parseRecord(events.map((event) => `${JSON.stringify(event)}\n`).join(''), 'events.ndjson'));
  const events = exampleRun({ strategies: ['jwt-hs256', 'session'] });
  const told = events.map((event) => {
    if (event.type !== 'PairMeasured') return event;
    const withTurns = (sample: WindowSample) => ({ ...sample, otherTurnsMillis: 440 });
    const { contestantSample, referenceSample } = event;
    return { ...event, contestantSample: withTurns(contestantSample), referenceSample: withTurns(referenceSample) };
  });
  const watched = [...told, { ...background(2, 54, 6), contestant: 'jwt-hs256' }];
  const costIn = (results: Results, name: string) => {
    const own = results.contestants.find(({ contestant }) => contestant === name);
    return own && measuredValue(own.cost);
  };

  it('says in its results what was taken off of whom, and costs so much less', () => {
    const [before, after] = [resultsOf(told), resultsOf(watched)];
    const { background: found, nodeCpuMicros } = costIn(after, 'jwt-hs256') ?? {};
    expect(found?.contestantMicrosPerSecond).toBeCloseTo(5_400);
    expect(found?.referenceMicrosPerSecond).toBeCloseTo(600);
    expect(found?.takenOffMicros).toBeGreaterThan(0.4);
    const less = (costIn(before, 'jwt-hs256')?.nodeCpuMicros.estimate ?? 0) - (nodeCpuMicros?.estimate ?? 0);
    expect(less).toBeCloseTo(found?.takenOffMicros ?? 0, 1);
    expect(costIn(after, 'session')).toEqual(costIn(before, 'session'));
  });

  it('is not compared in silence with one whose nodes were not', () => {
    const facts = surroundingsOf([resultsOf(told), resultsOf(watched)]);
    expect(facts).toEqual([expect.objectContaining({ values: ['in the costs', 'taken off'] })]);
  });

  it('says so in its method, and nothing of the kind where nobody watched', () => {
    expect(toMarkdown(resultsOf(watched))).toMatch(
      /stood idle between their rounds: at most 5\.4 ms of CPU a second, `none` 0\.6 ms of CPU a second\. .+ moves no cost by more than 0\.\d\d µs;/,
    );
    expect(toMarkdown(resultsOf(told))).not.toContain('stood idle between their rounds');
  });
});
