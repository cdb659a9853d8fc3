/** Whole runs of the measures that a quick one leaves out, on real nodes: small, to see that every part meets the others. */

import { describe, expect, test } from 'vitest';
import { readRun } from '../record/reader.ts';
import { useLabProcess } from './run-interruptions.contract.ts';
import { runTiny } from './run-tiny.contract.ts';

const lab = useLabProcess();

describe('a run', { timeout: 90_000 }, () => {
  test('over a link takes both levels, at a fixed rate too, and draws them over the measured time', async () => {
    const { code, results, report } = await runTiny(
      lab(),
      `strategies: [session, hybrid-hs256]
credentials: 20
sweep: {factor: added-rtt-millis, levels: [0, 3]}
throughput: {rounds: 2, windowMillis: 100, rampMillis: 0, warmupMillis: 100, connections: 2}
openLoop: {rounds: 2, windowMillis: 300, rampMillis: 50, ratePerSecond: 100}
`,
    );
    expect(code).toBe(0);
    const { levels, figures } = results.sweep;
    expect(levels[1].at - levels[0].at).toBeGreaterThan(2.5);
    expect(levels[0].link.addedMicros.count).toBe(1_000);
    const latency = figures.find(({ figure }: { figure: string }) => figure === 'openLoopP50Micros');
    const [session, hybrid] = latency.contestants;
    const change = (one: typeof session) => one.readings[1].estimate - one.readings[0].estimate;
    // One look-up a request pays the distance; a check in memory does not.
    expect(change(session)).toBeGreaterThan(2_000);
    expect(change(hybrid)).toBeLessThan(change(session));
    expect(report).toContain('## The round-trip time');
  });

  test('leaves out who logs nobody in with so much, and goes on', async () => {
    const { code, results, report } = await runTiny(
      lab(),
      `strategies: [cookie-session]
credentials: 20
sweep: {factor: permissions, levels: [100, 200]}
tokenSize: {}
throughput: {rounds: 2, windowMillis: 100, rampMillis: 0, warmupMillis: 100, connections: 2}
`,
    );
    expect(code).toBe(0);
    const { levels } = results.sweep;
    expect(levels.map(({ refusedLogins }: { refusedLogins: object[] }) => refusedLogins)).toEqual([
      [],
      [{ contestant: 'cookie-session', claims: '200 permissions', status: 500 }],
    ]);
    expect(levels[0].contestants[1].cost.state).toBe('measured');
    expect(levels[1].contestants[0].cost.state).toBe('measured');
    expect(report).toContain('cookie-session logs nobody in who has 200 permissions (status 500)');
    expect(report).toMatch(/\| cookie-session \|.+\| login refused \|/);
  });

  test('at a fixed distance counts connections', async () => {
    const { code, results } = await runTiny(
      lab(),
      `strategies: [session]
credentials: 20
addedRttMillis: 2
sweep: {factor: connections, levels: [1, 3]}
throughput: {rounds: 2, windowMillis: 200, sliceMillis: 50, rampMillis: 0, warmupMillis: 100}
`,
    );
    expect(code).toBe(0);
    const { levels } = results.sweep;
    expect(levels.map(({ at }: { at: number }) => at)).toEqual([1, 3]);
    for (const { link } of levels) expect(link.addedMicros.p50).toBeGreaterThan(1_900);
    const [one, three] = levels.map(
      ({ contestants }: { contestants: { throughput: { value: { requestsPerSecond: { estimate: number } } } }[] }) =>
        contestants[1]?.throughput.value.requestsPerSecond.estimate,
    );
    // One connection waits two milliseconds for every answer.
    expect(one).toBeLessThan(500);
    expect(three).toBeGreaterThan(1.5 * one);
  });

  test('of a cache can begin when every token has come, and no earlier', async () => {
    const { code } = await runTiny(
      lab(),
      `strategies: [jwt-hs256+cache]
credentials: 1500
throughput: {rounds: 2, windowMillis: 100, rampMillis: 0, warmupMillis: 0, warmupEveryToken: true, connections: 4}
`,
    );
    expect(code).toBe(0);
    const counted = readRun(lab().runFolder()).events.filter((event) => event.type === 'TokenCacheCounted');
    // Of which none is new in the first round.
    expect(counted.map(({ round, lookups, hits }) => [round, lookups - hits])).toEqual([
      [1, 1_500],
      [2, 1_500],
    ]);
  });

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
