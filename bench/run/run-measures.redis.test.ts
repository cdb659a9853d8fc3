/** A whole run of a measure that a quick one leaves out, on real nodes; `npm run test:long` has the others. */

import { describe, expect, test } from 'vitest';
import { useLabProcess } from './run-interruptions.contract.ts';
import { runTiny } from './run-tiny.contract.ts';

const lab = useLabProcess();

describe('a run', { timeout: 90_000 }, () => {
  test('of state finds what sessions leave in Redis, and ends with 99 when a threshold fails', async () => {
    const { code, results, report } = await runTiny(
      lab(),
      `strategies: [session, hybrid-hs256]
credentials: 50
state: {sessions: 200, starts: 2, checks: {windowMillis: 100, rampMillis: 0, warmupMillis: 100, connections: 2}}
hypotheses:
  - {claim: a session takes no room, test: session.redisSessionBytes < 10}
`,
      '--expect',
      'session.redisSessionBytes < 10',
      '--expect',
      'surely hybrid-hs256.redisSessionBytes > 10',
    );
    expect(code).toBe(99);
    const values = results.measures.state
      .slice(1)
      .map((one: { state: { value: Record<string, number> } }) => one.state.value);
    for (const { redisBytesPerSession, eventsPerSession } of values) {
      expect(redisBytesPerSession).toBeGreaterThan(200);
      expect(eventsPerSession).toBeGreaterThanOrEqual(1);
    }
    expect(values.map(({ revocationRecords }: Record<string, number>) => revocationRecords)).toEqual([0, 200]);
    expect(values.map(({ checks }: { checks?: { pairs: number } }) => checks?.pairs)).toEqual([2, 2]);
    expect(results.hypotheses).toMatchObject([{ verdict: 'does not hold' }]);
    expect(results.expectations.map(({ holds }: { holds: boolean }) => holds)).toEqual([false, false]);
    expect(report).toMatch(/## State[\s\S]+\| session \| [\d,]+ \|/);
  });
});
