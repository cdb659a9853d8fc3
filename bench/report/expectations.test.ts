import { describe, expect, it } from 'vitest';
import { parseRecord } from '../record/reader.ts';
import { parseExpectation } from '../scenario/expectation.ts';
import { changedFigures, compareRuns, type RunComparison } from './compare.ts';
import { comparisonText } from './compare-text.ts';
import { type ExampleOptions, exampleRun } from './example-run.ts';
import { toMarkdown } from './markdown.ts';
import { failingLines } from './markdown-expectations.ts';
import type { Results } from './summarise/results.ts';
import { summarise } from './summarise.ts';

const strategies = ['session', 'jwt-hs256', 'hybrid-hs256'];
const scope = { contestants: ['none', ...strategies], levels: [] };

/** An invented run; of `dearer` every request costs the node so many microseconds more. */
function resultsOf(lines: readonly string[] = [], options: ExampleOptions = {}, dearer: Record<string, number> = {}) {
  const expected = lines.map((line) => {
    const parsed = parseExpectation(line, scope);
    if (!parsed.ok) throw new Error(parsed.message);
    return parsed.value;
  });
  const events = exampleRun({ strategies, rounds: 20, ...options }).map((event) => {
    if (event.type === 'RunStarted') return { ...event, scenario: { ...event.scenario, expect: expected } };
    if (event.type !== 'PairMeasured') return event;
    const { contestantSample } = event;
    const more = (dearer[event.contestant] ?? 0) * contestantSample.requests;
    const nodeCpuMicros = contestantSample.nodeCpuMicros + more;
    return { ...event, contestantSample: { ...contestantSample, nodeCpuMicros } };
  });
  return summarise(parseRecord(events.map((event) => `${JSON.stringify(event)}\n`).join(''), 'events.ndjson'));
}

const outcomeOf = (line: string, options?: ExampleOptions) => resultsOf([line], options).expectations[0];

describe('a threshold', () => {
  it.each([
    ['session.nodeCpuMicros > 20', true],
    ['session.nodeCpuMicros > 20ms', false],
    ['session.nodeCpuMicros <= 1000', true],
    ['session.throughputRatio < 1', true],
    ['surely session.nodeCpuMicros > 20', true],
    ['session.falseAccepts.idle == 0', true],
    ['session.nodeCpuMicros > 0.5 * session.nodeCpuMicros', true],
    ['session.nodeCpuMicros > 1.5 * session.nodeCpuMicros', false],
    ['session.requestHeaderBytes.roles-1 < 1kB', true],
    ['jwt-hs256.revocationLatencyMillis.until-expiry.p50 > 1', true],
  ])('%s: %s', (line, holds) => {
    expect(outcomeOf(line)).toMatchObject({ text: line, holds, missing: null });
  });

  it('is not surely met when the interval reaches across', () => {
    const { estimate, low } =
      resultsOf().contestants[1]?.cost.state === 'measured' ? sessionCost() : { estimate: 0, low: 0 };
    const between = (estimate + low) / 2;
    expect(outcomeOf(`session.nodeCpuMicros > ${between}`)?.holds).toBe(true);
    expect(outcomeOf(`surely session.nodeCpuMicros > ${between}`)?.holds).toBe(false);
  });

  function sessionCost() {
    const cost = resultsOf().contestants[1]?.cost;
    if (cost?.state !== 'measured') throw new Error('not measured');
    return cost.value.nodeCpuMicros;
  }

  it('fails when its figure is void or was not measured, and says so', () => {
    expect(outcomeOf('session.nodeCpuMicros > 0', { refusing: 'session' })).toMatchObject({
      holds: false,
      missing: 'session.nodeCpuMicros was not measured, or is void',
    });
    expect(outcomeOf('surely session.latencyMicros.p50 > 0')).toMatchObject({
      holds: false,
      missing: expect.any(String),
    });
  });

  it('stands in the report, and its failure in a line of its own', () => {
    const results = resultsOf(['session.nodeCpuMicros > 20', 'session.nodeCpuMicros < 20']);
    expect(toMarkdown(results)).toMatch(/## Thresholds[\s\S]+session\.nodeCpuMicros > 20 \| holds \| [\d.]+ \| 20 \|/);
    expect(failingLines(results.expectations)).toEqual([
      expect.stringMatching(/^fails: session\.nodeCpuMicros < 20 \(found \d+(\.\d+)?\)$/),
    ]);
    expect(toMarkdown(resultsOf())).not.toContain('## Thresholds');
  });
});

function comparisonOf(before: Results, after: Results): RunComparison {
  const [comparison] = compareRuns(before, [after]);
  if (comparison === undefined) throw new Error('not compared');
  return comparison;
}

describe('a comparison of two runs', () => {
  it('of the same figures finds nothing', () => {
    const { figures, differences, missing, added } = comparisonOf(resultsOf(), resultsOf());
    expect(figures.length).toBeGreaterThan(20);
    expect(changedFigures({ figures })).toEqual([]);
    for (const { isExact, verdict } of figures) expect(verdict).toBe(isExact ? 'the same' : 'cannot tell');
    expect([differences, missing, added]).toEqual([[], [], []]);
  });

  it('of runs that differ by chance alone says that it cannot tell', () => {
    const figures = [2, 3, 4, 5, 6].flatMap((seed) => comparisonOf(resultsOf(), resultsOf([], { seed })).figures);
    expect(changedFigures({ figures: figures.filter(({ isExact }) => !isExact) })).toEqual([]);
  });

  it('finds what became dearer, and the other way round cheaper', () => {
    const [before, after] = [resultsOf(), resultsOf([], { seed: 2 }, { session: 60 })];
    const verdictsOf = (comparison: RunComparison) =>
      changedFigures(comparison)
        .filter(({ isExact }) => !isExact)
        .map(({ name, verdict }) => [name, verdict]);
    expect(verdictsOf(comparisonOf(before, after))).toEqual([
      ['session.nodeCpuMicros', 'worse'],
      ['session.nodeCpuMicrosWhole', 'worse'],
      ['session.nodeAndRedisCpuMicros', 'worse'],
    ]);
    expect(verdictsOf(comparisonOf(after, before))).toEqual([
      ['session.nodeCpuMicros', 'better'],
      ['session.nodeCpuMicrosWhole', 'better'],
      ['session.nodeAndRedisCpuMicros', 'better'],
    ]);
    expect(comparisonText(comparisonOf(before, after))).toMatch(/^worse: session\.nodeCpuMicros [\d.]+ -> [\d.]+/m);
  });

  it('names what else differs, and what the later run lacks', () => {
    const after = resultsOf([], { strategies: ['session'] });
    const elsewhere = { ...after, machine: { ...after.machine, cores: 64 } };
    const comparison = comparisonOf(resultsOf(), elsewhere);
    expect(comparison.differences).toEqual([
      { kind: 'place', name: 'cores', values: ['4', '64'], weakens: expect.any(String) },
      { kind: 'setting', name: 'strategies', values: [strategies.join(', '), 'session'], weakens: null },
    ]);
    expect(comparisonText(comparison)).toMatch(/^differs: cores: 4 before, 64 after \(weakens the comparison: .+\)$/m);
    expect(comparison.missing).toContain('hybrid-hs256.nodeCpuMicros');
    expect(comparisonOf(elsewhere, resultsOf()).added).toContain('hybrid-hs256.nodeCpuMicros');
  });
});

describe('a hypothesis', () => {
  const verdictOf = (test: string, options: ExampleOptions = {}) => {
    const parsed = parseExpectation(test, scope);
    if (!parsed.ok) throw new Error(parsed.message);
    const [start, ...events] = exampleRun({ strategies, rounds: 20, ...options });
    if (start?.type !== 'RunStarted') throw new Error('no start');
    const hypotheses = [{ claim: 'It is so', row: 'state', test: parsed.value }];
    const lines = [{ ...start, scenario: { ...start.scenario, hypotheses } }, ...events];
    return summarise(parseRecord(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), 'events.ndjson'));
  };

  it.each([
    ['session.nodeCpuMicros > 10', 'holds'],
    ['session.nodeCpuMicros < 10', 'does not hold'],
    ['session.nodeCpuMicros > session.nodeCpuMicros', 'cannot tell'],
    ['session.requestHeaderBytes.roles-1 < jwt-hs256.requestHeaderBytes.roles-1', 'holds'],
    ['session.falseAccepts.idle == 1', 'cannot tell'],
    ['session.loginMicros.p50 > 0', 'cannot tell'],
  ])('%s: %s', (test, verdict) => {
    expect(verdictOf(test).hypotheses).toMatchObject([{ claim: 'It is so', row: 'state', verdict }]);
  });

  it('stands in the report with its figures', () => {
    const report = toMarkdown(verdictOf('session.nodeCpuMicros > 10'));
    expect(report).toMatch(/\| It is so \| state \| holds \| session\.nodeCpuMicros > 10 \| [\d.]+ \| 10 \|/);
    expect(toMarkdown(verdictOf('session.loginMicros.p50 > 0'))).toContain('was not measured, or is void');
  });
});
