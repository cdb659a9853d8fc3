import { describe, expect, it, vi } from 'vitest';
import { parseRecord } from '../record/reader.ts';
import { figureNames } from '../scenario/expectation.ts';
import { comparisonDocumentOf } from './compare-document.ts';
import { type ExampleOptions, exampleRun } from './example-run.ts';
import { exampleSweepRecord } from './example-sweep.ts';
import { figureWords } from './figure-words.ts';
import { comparisonHtml } from './html/comparison-page.ts';
import { documentMarkdown } from './markdown.ts';
import type { Results } from './summarise/results.ts';
import { summarise } from './summarise.ts';

// A page has a dozen drawings.
vi.setConfig({ testTimeout: 20_000 });

const strategies = ['session', 'jwt-hs256', 'hybrid-hs256'];

/** An invented run; of `dearer` every request costs the node so many microseconds more. */
function runOf(options: ExampleOptions = {}, dearer: Record<string, number> = {}): Results {
  const events = exampleRun({ strategies, rounds: 20, ...options }).map((event) => {
    if (event.type !== 'PairMeasured') return event;
    const { contestantSample } = event;
    const more = (dearer[event.contestant] ?? 0) * contestantSample.requests;
    return {
      ...event,
      contestantSample: { ...contestantSample, nodeCpuMicros: contestantSample.nodeCpuMicros + more },
    };
  });
  return summarise(parseRecord(events.map((event) => `${JSON.stringify(event)}\n`).join(''), 'events.ndjson'));
}

const before = runOf();
const dearer = runOf({ seed: 2 }, { session: 60 });
const elsewhere: Results = {
  ...dearer,
  machine: { ...dearer.machine, cores: 64, nodeVersion: 'v24.1.0' },
  redis: { ...dearer.redis, version: '8.0.0' },
  run: { ...dearer.run, seed: 2, scenario: { ...dearer.run.scenario, stalenessLimitMillis: 1_000 } },
};

const told = (runs: readonly Results[]) => documentMarkdown(comparisonDocumentOf(runs));
const top = (runs: readonly Results[]) => {
  const text = told(runs);
  return text.slice(0, text.indexOf('\n## The answer'));
};

describe('a comparison as a page', () => {
  it('is as it was, for two runs', async () => {
    await expect(told([before, elsewhere])).toMatchFileSnapshot('./fixtures/example-comparison.md');
    await expect(comparisonHtml([before, elsewhere])).toMatchFileSnapshot('./fixtures/example-comparison.html');
  });

  it('says first what else differs, where that weakens it, and leaves out what does not', () => {
    const first = top([before, elsewhere]);
    expect(first).toContain('Not the same cores: run 1 4, run 2 64;');
    expect(first).toContain('Not the same Node: run 1 v20.19.0, run 2 v24.1.0;');
    expect(first).toContain('Not the same Redis: run 1 redis 7.0.15, run 2 redis 8.0.0;');
    expect(first).toContain('Settings of the scenario differ: stalenessLimitMillis (run 1 2000, run 2 1000).');
    expect(first).not.toContain('seed');
    expect(told([before, elsewhere])).toMatch(/\| seed \| 1 \| 2 \| no \|/);
    expect(top([before, runOf({ seed: 2 })])).not.toContain('Not the same');
    expect(told([before, before])).toContain('Nothing that is recorded');
  });

  it('says first what each run says first of itself', () => {
    const first = top([before, runOf({ accepting: 'hybrid-hs256' }), runOf({ outcome: null })]);
    expect(first).toMatch(/> \*\*Run 2: .*invalid.*hybrid-hs256/);
    expect(first).toMatch(/> \*\*Run 3: .*aborted/);
    expect(first).not.toMatch(/Run 1: /);
  });

  it('compares three runs with the first, side by side, in both directions', () => {
    const text = told([dearer, before, dearer]);
    expect(text).toMatch(/^Run 2 is worse than run 1 in no figure and better in \d+;/m);
    expect(text).toMatch(/^Between run 1 and run 3 no difference can be told/m);
    const [row] = text.match(/^\| session \| better \| -\d.* \| cannot tell \| 0\.0 \[.*$/m) ?? [];
    expect(row?.split(' | ')).toHaveLength(8);
  });

  it('corrects verdicts over all runs that are compared', () => {
    const pValuesOf = (runs: readonly Results[]) => /is compared: (\d+) here/.exec(told(runs))?.[1];
    expect(Number(pValuesOf([before, dearer, dearer]))).toBe(2 * Number(pValuesOf([before, dearer])));
  });

  it('of runs that have nothing in common says so, and no more', () => {
    const sweep = summarise(
      parseRecord(exampleSweepRecord({ factor: 'added-rtt-millis', levels: [0, 1] }, 8), 'events.ndjson'),
    );
    const text = told([before, sweep]);
    expect(text).toContain('Run 2 has no figure in common with run 1 that could be compared.');
    expect(text).not.toContain('## What changed');
    expect(text).toMatch(/In run 2 and not in run 1: `\S+, at 0` \(\d+\)/);
    expect(comparisonHtml([before, sweep])).toContain('What changed between two runs?');
    expect(told([sweep, sweep])).toMatch(/^\| \S+, at 1 \| cannot tell \|/m);
  });

  it('does not call the noise of a run better or worse than that of another', () => {
    expect(told([before, dearer])).not.toMatch(/^\| none \| .* \| Redis commands per check/m);
    const [, cost = ''] = told([before, dearer]).split('### Node CPU per check, µs');
    expect(cost.slice(0, cost.indexOf('###'))).not.toContain('| none |');
  });
});

describe('the figures in words', () => {
  it('are those that thresholds know', () => {
    expect(Object.keys(figureWords).toSorted()).toEqual(Object.keys(figureNames).toSorted());
  });
});
