import { describe, expect, it, vi } from 'vitest';
import { parseRecord } from '../record/reader.ts';
import type { TrialVoided } from '../record/run-events.ts';
import { type ExampleOptions, exampleRecord } from './example-run.ts';
import { toHtml } from './html/page.ts';
import { toMarkdown } from './markdown.ts';
import { summarise } from './summarise.ts';

// Each page has some dozens of drawings.
vi.setConfig({ testTimeout: 20_000 });

interface Spoilt extends ExampleOptions {
  /** Given up in the middle, whatever became of the rest. */
  readonly voided?: Pick<TrialVoided, 'contestant' | 'measure' | 'reason'>;
}

const voided = { contestant: 'hybrid-hs256', measure: 'revocation', reason: 'no node recovered' } as const;

const cases: readonly (readonly [string, Spoilt, RegExp])[] = [
  ['a strategy that is broken', { accepting: 'session' }, /invalid: session/],
  ['a figure that is void', { generatorSaturated: true }, /Void: throughput[^.]*\. The load generator/],
  ['a strategy that refuses everybody', { refusing: 'session' }, /Void: [^.]* of session\. Requests were not answered/],
  ['a trial that was given up', { voided }, /Weaker: revocation of hybrid-hs256\. Trials were given up/],
  ['a run that was aborted', { outcome: null }, /aborted/],
  ['a run that failed', { outcome: 'failed' }, /failed/],
  ['a run of one round', { rounds: 1 }, /Void: cost of a check and throughput of 6 strategies\. Only 1 round\./],
  ['a run of two rounds', { rounds: 2 }, /Weaker: cost of a check and throughput of 6 strategies\. Only 2 rounds\./],
];

function recordOf({ voided: trial, ...options }: Spoilt): string {
  const record = exampleRecord(options);
  if (trial === undefined) return record;
  return `${record}${JSON.stringify({ type: 'TrialVoided', at: '2026-01-15T10:30:00.000Z', ...trial })}\n`;
}

describe('what spoils a run comes before its answer', () => {
  it.each(cases)('%s, on the page', (_name, options, words) => {
    const page = toHtml(summarise(parseRecord(recordOf(options), 'events.ndjson')));
    const before = (page.match(/<h1>[\s\S]*?(?=<p class="lead">|<nav class="contents")/)?.[0] ?? '').match(
      /<(?:p|div) class="(?:standing|weaknesses)">[\s\S]*/,
    );
    expect(before?.[0].replaceAll(/<[^>]*>/g, '')).toMatch(words);
  });

  it.each(cases)('%s, in Markdown', (_name, options, words) => {
    const report = toMarkdown(summarise(parseRecord(recordOf(options), 'events.ndjson')));
    const quoted = report.slice(0, report.indexOf('\n## The answer')).match(/^> .*$/gm);
    expect(quoted?.join('\n')).toMatch(words);
    expect(report).not.toMatch(/\b1 warnings/);
  });
});
