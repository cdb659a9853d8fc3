/** A short random history over real processes: small, to see that every part meets the others, and that nothing is promised in vain. */

import { describe, expect, test } from 'vitest';
import { parseRecord } from '../record/reader.ts';
import { exampleRecord } from '../report/example-run.ts';
import { judgeHistory } from '../report/summarise/chaos-judge.ts';
import { performed } from './chaos-lab.contract.ts';

describe('a random history', { timeout: 60_000 }, () => {
  test('of five seconds breaks no promise, and is recorded without a credential', async () => {
    const history = await performed({
      scenario: { partitions: 1, beatIntervalMillis: 200, stalenessLimitMillis: 1_000 },
      plan: { topology: 'one', nodes: 2, durationMillis: 5_000, faults: ['node-paused', 'redis-killed'] },
      seed: 1,
      names: ['session', 'jwt-hs256', 'denylist-hs256', 'hybrid-hs256'],
    });
    expect(judgeHistory(history)).toEqual([]);
    const { exchanges, faults, settledMillis } = history;
    expect(faults.length).toBeGreaterThan(0);
    expect(settledMillis).not.toBeNull();
    const kinds = new Set(exchanges.filter(({ status }) => status >= 200 && status < 300).map(({ kind }) => kind));
    expect([...kinds].toSorted()).toEqual(expect.arrayContaining(['last-word', 'login', 'logout', 'probe', 'refresh']));
    expect(JSON.stringify(history)).not.toMatch(/eyJ|Bearer|__Host|__Secure/);
    // It survives being written down.
    const record = `${exampleRecord()}${JSON.stringify(history)}\n`;
    expect(parseRecord(record, 'events.ndjson').events.at(-1)).toEqual(history);
  });
});
