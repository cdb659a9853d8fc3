import { describe, expect, it } from 'vitest';
import { parseRecord } from '../record/reader.ts';
import type { RunEvent, RunStarted } from '../record/run-events.ts';
import { exampleRun } from './example-run.ts';
import { exampleLinkMeasured, exampleSweepRecord } from './example-sweep.ts';
import { toHtml } from './html/page.ts';
import { toMarkdown } from './markdown.ts';
import { settingText } from './setting-words.ts';
import { summarise } from './summarise.ts';

function resultsOf(change: (started: RunStarted) => RunStarted = (started) => started, more: readonly RunEvent[] = []) {
  const [started, ...others] = exampleRun({ rounds: 2, strategies: ['session'] });
  if (started?.type !== 'RunStarted') throw new RangeError('A run begins with RunStarted.');
  const lines = [change(started), ...more, ...others].map((event) => JSON.stringify(event));
  return summarise(parseRecord(lines.join('\n'), 'events.ndjson'));
}

describe('where a run was measured', () => {
  it('says that all was on one machine, unless Redis was elsewhere', () => {
    expect(settingText(resultsOf())).toBe('one machine, no network in between');
    const elsewhere = resultsOf((started) => ({ ...started, redis: { ...started.redis, source: 'url' } }));
    expect(settingText(elsewhere)).toBe('Redis at a given address, over the network as it is');
    expect(toMarkdown(elsewhere)).not.toContain('share one machine');
  });

  it('says what was added to a round trip, as asked and as measured', () => {
    const far = (started: RunStarted) => ({ ...started, scenario: { ...started.scenario, addedRttMillis: 2 } });
    expect(settingText(resultsOf(far, [exampleLinkMeasured(2)]))).toBe(
      'one machine, 2 ms added to each round trip to Redis (measured: 2.15 ms)',
    );
    const swept = exampleSweepRecord({ factor: 'added-rtt-millis', levels: [0, 1, 10] });
    expect(settingText(summarise(parseRecord(swept, 'events.ndjson')))).toBe(
      'one machine, 0 to 10 ms added to each round trip to Redis',
    );
  });

  it('stands before the first section, with how long it took', () => {
    const results = resultsOf();
    const words = /61\.2 s.*one machine, no network in between/;
    expect(toHtml(results).split('<h1>')[0]).toMatch(words);
    expect(toMarkdown(results).split(/^## (?!The answer)/m)[0]).toMatch(words);
  });
});
