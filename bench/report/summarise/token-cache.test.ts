import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../record/reader.ts';
import type { TokenCacheCounted } from '../../record/token-cache-events.ts';
import { exampleRun } from '../example-run.ts';
import { toMarkdown } from '../markdown.ts';
import { summarise } from '../summarise.ts';
import { summariseTokenCaches } from './token-cache.ts';

function counted(contestant: string, round: number, lookups: number, hits: number): TokenCacheCounted {
  return { type: 'TokenCacheCounted', at: '2026-01-15T10:15:00.000Z', contestant, round, lookups, hits };
}

describe('summariseTokenCaches', () => {
  it('counts from the first pair on, by contestant', () => {
    const events = [
      counted('a', 1, 1_000, 0),
      counted('b', 1, 500, 500),
      counted('a', 2, 1_300, 200),
      counted('a', 3, 1_400, 300),
      counted('b', 2, 600, 500),
    ];
    expect(summariseTokenCaches(events)).toEqual([
      { contestant: 'a', lookups: 400, hitShare: 0.75 },
      { contestant: 'b', lookups: 100, hitShare: 0 },
    ]);
  });

  it('counts each process of a contestant by itself', () => {
    const events = [
      counted('a', 1, 1_000, 900),
      counted('a', 2, 1_100, 950),
      counted('a', 3, 400, 0),
      counted('a', 4, 500, 50),
    ];
    expect(summariseTokenCaches(events)).toEqual([{ contestant: 'a', lookups: 200, hitShare: 0.5 }]);
  });

  it('counts all of a single pair, and nothing where nothing was looked up', () => {
    expect(summariseTokenCaches([counted('a', 1, 10, 5)])).toEqual([{ contestant: 'a', lookups: 10, hitShare: 0.5 }]);
    expect(summariseTokenCaches([counted('a', 1, 10, 5), counted('a', 2, 10, 5)])).toEqual([]);
    expect(summariseTokenCaches([])).toEqual([]);
  });

  it('stands in the parity proof', () => {
    const reportOf = (events: readonly unknown[]) =>
      toMarkdown(summarise(parseRecord(events.map((one) => `${JSON.stringify(one)}\n`).join(''), 'events.ndjson')));
    const events = exampleRun();
    const cached = [...events.slice(0, 30), counted('jwt-hs256', 1, 1_000, 990), ...events.slice(30)];
    expect(reportOf(cached)).toContain('of all that were looked up in the windows: jwt-hs256 0.990.');
    expect(reportOf(events)).not.toContain('looked up');
  });
});
