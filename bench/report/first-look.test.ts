import { describe, expect, it, vi } from 'vitest';
import { parseRecord } from '../record/reader.ts';
import { type ExampleOptions, exampleRecord } from './example-run.ts';
import { toHtml } from './html/page.ts';
import { toMarkdown } from './markdown.ts';
import { summarise } from './summarise.ts';

// Each page has some dozens of drawings.
vi.setConfig({ testTimeout: 20_000 });

const cases: readonly (readonly [string, ExampleOptions, RegExp])[] = [
  ['a strategy that is broken', { accepting: 'session' }, /invalid: session/],
  ['a trial that is void', { generatorSaturated: true }, /load generator/],
  ['a run that was aborted', { outcome: null }, /aborted/],
  ['a run that failed', { outcome: 'failed' }, /failed/],
  ['a run of one round', { rounds: 1 }, /(Only 1|one) round/],
];

describe('what spoils a run comes before its answer', () => {
  it.each(cases)('%s, on the page', (_name, options, words) => {
    const page = toHtml(summarise(parseRecord(exampleRecord(options), 'events.ndjson')));
    const before = (page.match(/<h1>[\s\S]*?(?=<p class="lead">|<nav class="contents")/)?.[0] ?? '').match(
      /<(?:p|div) class="(?:standing|weaknesses)">[\s\S]*/,
    );
    expect(before?.[0]).toMatch(words);
  });

  it.each(cases)('%s, in Markdown', (_name, options, words) => {
    const report = toMarkdown(summarise(parseRecord(exampleRecord(options), 'events.ndjson')));
    const quoted = report.slice(0, report.indexOf('\n## The answer')).match(/^> .*$/gm);
    expect(quoted?.join('\n')).toMatch(words);
  });
});
