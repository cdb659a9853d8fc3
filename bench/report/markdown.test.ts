import { describe, expect, it } from 'vitest';
import { parseRecord } from '../record/reader.ts';
import type { RunEvent } from '../record/run-events.ts';
import { escaped } from './document.ts';
import { type ExampleOptions, exampleRun } from './example-run.ts';
import { toMarkdown } from './markdown.ts';
import { markdownTable } from './markdown-table.ts';

import { summarise } from './summarise.ts';

const reportOf = (options: ExampleOptions = {}) => reportOfEvents(exampleRun(options));

function reportOfEvents(events: readonly RunEvent[]): string {
  const text = events.map((event) => `${JSON.stringify(event)}\n`).join('');
  return toMarkdown(summarise(parseRecord(text, 'events.ndjson')));
}

const sectionsOf = (report: string) => report.match(/^##? .*$/gm)?.map((line) => line.replace(/^#+ /, ''));
const rowOf = (report: string, start: string) => report.split('\n').find((line) => line.startsWith(`| ${start} |`));

describe('toMarkdown', () => {
  it('tells question, answer, figures, and what they rest on, in this order', () => {
    expect(sectionsOf(reportOf())).toEqual([
      'What does each way of staying logged in cost per request?',
      'The answer',
      'The trade-off',
      'The answer in full',
      'Cost of a check',
      'Throughput and latency',
      'Revocation',
      'Token size',
      'What was compared',
      'The machine',
      'The method',
      'What this does not show',
    ]);
  });

  it('puts the warnings before every figure that they bear on', () => {
    const report = reportOf({ rounds: 2 });
    expect(report.indexOf('Only 2 rounds')).toBeLessThan(report.indexOf('## The answer'));
    expect(report.indexOf('## Warnings')).toBeGreaterThan(report.indexOf('## The answer'));
    expect(report.indexOf('## Warnings')).toBeLessThan(report.indexOf('## Cost of a check'));
    expect(report).toContain('Only 2 rounds');
    expect(rowOf(report, 'session')).toContain('†');
  });

  it('has only whole tables: every row has as many cells as its heading', () => {
    for (const options of [{}, { refusing: 'session' }, { outcome: null }, { generatorSaturated: true }]) {
      for (const table of reportOf(options).matchAll(/(?:^\|.*\n?)+/gm)) {
        const widths = table[0]
          .trim()
          .split('\n')
          .map((line) => line.split(/(?<!\\)\|/).length);
        expect(new Set(widths).size).toBe(1);
      }
    }
  });

  it('prints an interval with every cost and ratio, and the noise floor', () => {
    const report = reportOf();
    for (const name of ['none', 'session', 'cookie-session', 'jwt-hs256', 'denylist-hs256', 'hybrid-hs256']) {
      expect(rowOf(report, name)).toMatch(/^\| [^|]+ \| \+?\d+\.\d \[-?\d+\.\d, \d+\.\d\] \|/);
    }
    expect(report).toContain('Noise floor: none against none differs by');
    expect(report).toMatch(/Noise floor: \d\.\d{3} \[/);
  });

  it('prints no number where a figure is void', () => {
    const refused = rowOf(reportOf({ refusing: 'session' }), 'session');
    expect(refused?.match(/\d/)).toBeNull();
    const saturated = reportOf({ generatorSaturated: true });
    expect(saturated).toMatch(/^\| session \| void \|\s+\| void \(at least 6,\d{3}\) \| void \|\s+\|$/m);
    expect(saturated).toContain('**void** (`generator-saturated`)');
  });

  it('says first what makes a run invalid, and in the row of the strategy too', () => {
    const [, , banner] = reportOf({ accepting: 'hybrid-hs256' }).split('\n');
    expect(banner).toMatch(/^> \*\*This run is invalid: hybrid-hs256 accepted a revoked credential up to 40\.0 ms/);
    expect(reportOf({ accepting: 'hybrid-hs256' })).toContain(
      '| hybrid-hs256, idle | void: 1 trial beyond the bound |',
    );
  });

  it('shows what cannot be revoked as lasting until expiry, with the time measured', () => {
    expect(reportOf()).toMatch(/\| jwt-hs256, until expiry \| 5 \| until expiry: 1\.9\d s left \| 1\.9\d s \|/);
  });

  it('tells p99 only where the trials carry it', () => {
    expect(reportOf({ strategies: ['session'], rounds: 2 })).toMatch(
      /\| session, idle \| 20 \| at once \| \S+ ms \| – \|/,
    );
    const many = reportOf({ strategies: ['session'], rounds: 2, idleTrials: 1_000 });
    expect(many).toMatch(/\| session, idle \| 1,000 \| at once \| \S+ ms \| \S+ ms \| \S+ ms \|/);
  });

  it('leaves out what the scenario did not ask for', () => {
    const sizesOnly = exampleRun().filter((event) => !['PairMeasured', 'RevocationMeasured'].includes(event.type));
    const asked = sizesOnly.map((event) => {
      if (event.type !== 'RunStarted') return event;
      const { throughput: _throughput, revocation: _revocation, ...scenario } = event.scenario;
      return { ...event, scenario };
    });
    const sections = sectionsOf(reportOfEvents(asked));
    expect(sections).not.toContain('Cost of a check');
    expect(sections).not.toContain('Revocation');
    expect(sections).toContain('Token size');
  });
});

describe('escaped', () => {
  it('makes no markup of what came from outside', () => {
    expect(escaped('a|b <script> `c` *d*\n# e [f](g) 1.0 [0.9, 1.1]')).toBe(
      'a\\|b \\<script> \\`c\\` \\*d\\* # e [f]\\(g) 1.0 [0.9, 1.1]',
    );
    expect(markdownTable(['x', 'y'], [['a|b', '1']])).toBe('| x | y |\n| :-- | --: |\n| a\\|b | 1 |');
  });
});
