import { describe, expect, it } from 'vitest';
import { parseRecord } from '../record/reader.ts';
import { type ExampleOptions, exampleRecord } from './example-run.ts';
import { toMarkdown } from './markdown.ts';
import { measuredValue } from './summarise/figure.ts';
import { summarise } from './summarise.ts';
import { answerOf, standingOf } from './words.ts';

const resultsOf = (options: ExampleOptions = {}) => summarise(parseRecord(exampleRecord(options), 'events.ndjson'));
const answer = (options: ExampleOptions = {}) => answerOf(resultsOf(options)).join('\n');

describe('answerOf', () => {
  it('names the cheapest and the dearest, and admits what it cannot tell', () => {
    expect(answer()).toMatch(/from \+2\d\.\d \[.*\] µs of CPU with jwt-hs256 to \+7\d\.\d \[.*\] µs with session/);
    expect(answer()).toMatch(/Whether jwt-hs256 costs less than hybrid-hs256.*, this run cannot tell\./);
    expect(answer({ rounds: 2 })).toContain('costs less than any other, this run cannot tell.');
    expect(answer({ strategies: ['session', 'jwt-hs256'] })).toContain('jwt-hs256 costs less than every other.');
  });

  it('says nothing that the tables do not say', () => {
    const variations: ExampleOptions[] = [{}, { rounds: 2 }, { refusing: 'jwt-hs256' }, { generatorSaturated: true }];
    for (const options of variations) {
      for (let seed = 1; seed <= 3; seed += 1) {
        const results = resultsOf({ ...options, seed });
        const tables = toMarkdown(results).split('## Cost of a check')[1] ?? '';
        const [cost = ''] = answerOf(results);
        const figures = [...cost.matchAll(/[+-]?\d+\.\d \[-?\d+\.\d, -?\d+\.\d\]/g)].map(([figure]) => figure);
        expect(figures.length).toBeGreaterThanOrEqual(3);
        for (const figure of figures) expect(tables).toContain(figure);
      }
    }
  });

  it('claims a closed window only of strategies that accepted nothing after the acknowledgement', () => {
    for (let seed = 1; seed <= 5; seed += 1) {
      const results = resultsOf({ seed, rounds: 2 });
      const closed = /was accepted with its credential by (.*?)\. /.exec(answerOf(results).join('\n'))?.[1] ?? '';
      for (const { contestant, revocation } of results.contestants) {
        const exposure = measuredValue(revocation.idle)?.exposureWindowMillis?.max;
        expect(closed.includes(`${contestant} (`)).toBe(exposure === 0);
      }
    }
  });

  it('claims nothing of a strategy that broke its bound', () => {
    expect(answer({ accepting: 'session' })).not.toMatch(/accepted with its credential by [^.]*session/);
    expect(answer({ accepting: 'hybrid-hs256' })).not.toContain('hybrid-hs256 accepted');
  });

  it('claims nothing of what is void or was not reached', () => {
    const refused = answer({ refusing: 'session' });
    expect(refused).toContain('The throughput of session is void');
    expect(refused).not.toContain('µs with session');
    expect(refused).toContain('Read this with the warnings');
    expect(answer({ outcome: null })).not.toContain('logout');
  });

  it('says so when there is no answer', () => {
    const started = `${exampleRecord().split('\n')[0]}\n`;
    expect(answerOf(summarise(parseRecord(started, 'events.ndjson')))).toEqual([
      'Nothing was measured that could answer the question.',
    ]);
  });
});

describe('standingOf', () => {
  it('is silent about a valid run that completed', () => {
    expect(standingOf(resultsOf())).toEqual([]);
  });

  it('tells of an invalid, an aborted and a failed one', () => {
    expect(standingOf(resultsOf({ accepting: 'session' }))).toEqual([expect.stringContaining('invalid: session')]);
    expect(standingOf(resultsOf({ outcome: null }))).toEqual([expect.stringContaining('aborted')]);
    expect(standingOf(resultsOf({ outcome: 'failed' }))).toEqual([
      expect.stringContaining('failed (ERR_PART_CRASHED: Node 1 ended with code 1):'),
    ]);
  });
});
