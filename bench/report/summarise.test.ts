import { describe, expect, it } from 'vitest';
import { parseRecord } from '../record/reader.ts';
import type { RevocationMeasured, RunEvent } from '../record/run-events.ts';
import { type ExampleOptions, exampleRecord, exampleRun } from './example-run.ts';
import { measuredValue } from './summarise/figure.ts';
import type { ContestantResults, Results } from './summarise/results.ts';
import { summarise } from './summarise.ts';

const resultsOf = (options: ExampleOptions = {}) => summarise(parseRecord(exampleRecord(options), 'events.ndjson'));
const resultsOfEvents = (events: readonly RunEvent[]) =>
  summarise(parseRecord(events.map((event) => `${JSON.stringify(event)}\n`).join(''), 'events.ndjson'));

function contestant(results: Results, name: string): ContestantResults {
  const found = results.contestants.find((one) => one.contestant === name);
  if (!found) throw new Error(`${name} is not in the results`);
  return found;
}

describe('summarise', () => {
  it('gives the same results for the same record', () => {
    expect(JSON.stringify(resultsOf())).toBe(JSON.stringify(resultsOf()));
  });

  it('holds only numbers that JSON can hold', () => {
    for (const options of [{}, { rounds: 2 }, { refusing: 'session' }, { outcome: null }]) {
      const results = resultsOf(options);
      expect(JSON.parse(JSON.stringify(results))).toEqual(results);
    }
  });

  it('finds the costs that were built in, within their intervals, by comparing adjacent windows only', () => {
    const results = resultsOf();
    for (const [name, micros] of [
      ['session', 62],
      ['jwt-hs256', 20],
      ['hybrid-hs256', 21],
    ] as const) {
      const cost = measuredValue(contestant(results, name).cost);
      // The machine of the example is a sixth slower than its fastest on average.
      expect(cost?.nodeCpuMicros.low).toBeLessThan(micros * 1.167);
      expect(cost?.nodeCpuMicros.high).toBeGreaterThan(micros * 1.167);
      expect(cost).toMatchObject({ verdict: 'costs more', pairs: 8 });
    }
    expect(results.noiseFloor.nodeCpuMicros?.low).toBeLessThan(0);
    expect(results.noiseFloor.nodeCpuMicros?.high).toBeGreaterThan(0);
    expect(measuredValue(contestant(results, 'none').cost)?.verdict).toBeNull();
  });

  it('finds the commands per request', () => {
    const results = resultsOf();
    expect(measuredValue(contestant(results, 'session').cost)?.redisCommands.estimate).toBeCloseTo(1, 2);
    expect(measuredValue(contestant(results, 'jwt-hs256').cost)?.redisCommands.estimate).toBeCloseTo(0, 2);
    expect(results.warnings).toEqual([]);
  });

  it('compares the strategies with each other, and cannot tell those apart that do not differ', () => {
    const verdicts = new Map(resultsOf().costComparisons.map((one) => [`${one.left} ${one.right}`, one.verdict]));
    expect(verdicts.size).toBe(10);
    expect(verdicts.get('session jwt-hs256')).toBe('costs more');
    expect(verdicts.get('jwt-hs256 denylist-hs256')).toBe('costs less');
    expect(verdicts.get('jwt-hs256 hybrid-hs256')).toBe('cannot tell');
  });

  it('reports throughput as a ratio to the reference', () => {
    const throughput = measuredValue(contestant(resultsOf(), 'session').throughput);
    expect(throughput?.ratioToReference.estimate).toBeCloseTo(70 / 132, 1);
    expect(throughput?.verdict).toBe('slower');
    expect(throughput?.requestsPerSecond.low).not.toBeNull();
  });

  it('merges the latencies of all windows', () => {
    const latency = measuredValue(contestant(resultsOf(), 'session').latency);
    expect(latency?.requests).toBeGreaterThan(10_000);
    expect(latency?.p50Micros).toBeGreaterThan(132 * 16 * 0.9);
    expect(latency?.p50Micros).toBeLessThan(132 * 16 * 1.4);
    expect(latency?.p99Micros).toBeGreaterThan(latency?.p50Micros ?? 0);
  });

  it('measures revocation over the slowest node, against the bare delivery', () => {
    const results = resultsOf();
    const session = measuredValue(contestant(results, 'session').revocation.idle);
    expect(session).toMatchObject({ trials: 20, nodes: 2, boundMillis: 0, falseAccepts: 0 });
    expect(session?.exposureWindowMillis?.max).toBe(0);
    expect(session?.revocationLatencyMillis?.p99).toBeNull();
    const hybrid = measuredValue(contestant(results, 'hybrid-hs256').revocation.idle);
    expect(hybrid?.exposureWindowMillis?.p50).toBeGreaterThan(0);
    expect(hybrid?.multipleOfDelivery).toBeGreaterThan(1);
    const jwt = contestant(results, 'jwt-hs256').revocation;
    expect(jwt.idle).toEqual({ state: 'not-measured', reason: 'not-applicable' });
    expect(measuredValue(jwt['until-expiry'])?.remainingLifetimeMillis?.max).toBeLessThan(2_000);
    expect(measuredValue(jwt['until-expiry'])?.falseAccepts).toBe(0);
    expect(contestant(results, 'session').revocation.loaded).toMatchObject({ reason: 'not-in-scenario' });
  });

  it('marks a cookie that browsers would drop', () => {
    const sizes = measuredValue(contestant(resultsOf(), 'cookie-session').tokenSize);
    expect(sizes?.map((size) => [size.claims, size.fitsCookie])).toEqual([
      ['roles-1', true],
      ['roles-200', false],
    ]);
  });
});

describe('summarise, where something is wrong', () => {
  it('gives no headline from a run of 401s', () => {
    const results = resultsOf({ refusing: 'session' });
    const session = contestant(results, 'session');
    for (const figure of [session.cost, session.throughput, session.latency]) {
      expect(figure).toEqual({ state: 'voided', reasons: ['unexpected-answers'], observed: null });
    }
    expect(results.costComparisons.some((one) => one.left === 'session' || one.right === 'session')).toBe(false);
    expect(contestant(results, 'jwt-hs256').cost.state).toBe('measured');
  });

  it('voids a figure when too many pairs are unsound, shows what the others gave, and compares nothing with it', () => {
    const spoilt = exampleRun().map((event): RunEvent => {
      if (event.type !== 'PairMeasured' || event.contestant !== 'session' || event.round > 3) return event;
      return { ...event, contestantSample: { ...event.contestantSample, errors: 1 } };
    });
    const results = resultsOfEvents(spoilt);
    expect(contestant(results, 'session').cost).toMatchObject({
      state: 'voided',
      reasons: ['unexpected-answers'],
      observed: { pairs: 5, verdict: null },
    });
    expect(results.costComparisons.some((one) => one.left === 'session')).toBe(false);
  });

  it('voids throughput and latency of a saturated generator, and keeps the cost', () => {
    const jwt = contestant(resultsOf({ generatorSaturated: true }), 'jwt-hs256');
    expect(jwt.throughput).toMatchObject({
      state: 'voided',
      reasons: ['generator-saturated', 'server-not-saturated'],
      observed: { verdict: null },
    });
    expect(jwt.latency).toMatchObject({ state: 'voided', reasons: ['generator-saturated'] });
    expect(jwt.cost.state).toBe('measured');
  });

  it('makes the run invalid for one false accept', () => {
    const results = resultsOf({ accepting: 'hybrid-hs256' });
    expect(results.validity).toMatchObject({
      state: 'invalid',
      falseAccepts: [{ contestant: 'hybrid-hs256', condition: 'idle', trial: 1, node: 1, boundMillis: 2_000 }],
    });
    const { revocation } = contestant(results, 'hybrid-hs256');
    expect(revocation.idle).toMatchObject({ state: 'voided', reasons: ['false-accept'] });
    expect(revocation['redis-paused'].state).toBe('measured');
    expect(resultsOf({ accepting: 'session' }).validity.state).toBe('invalid');
    expect(resultsOf().validity.state).toBe('valid');
  });

  it('holds strategies that cannot revoke to the lifetime of their credentials', () => {
    const later = exampleRun().map((event): RunEvent => {
      if (event.type !== 'RevocationMeasured' || event.condition !== 'until-expiry' || event.trial !== 2) return event;
      const observations = event.observations.map((seen) => ({ ...seen, lastAcceptedSentMillis: 2_100 }));
      return { ...event, observations };
    });
    expect(resultsOfEvents(later).validity).toMatchObject({ state: 'invalid' });
  });

  it('keeps what an aborted run measured, and marks it', () => {
    const results = resultsOf({ outcome: null });
    expect(results.run).toMatchObject({ outcome: 'aborted', endedAt: null });
    expect(contestant(results, 'session').cost).toMatchObject({ state: 'measured', weakenedBy: ['run-incomplete'] });
    expect(contestant(results, 'session').revocation.idle).toEqual({ state: 'not-measured', reason: 'not-reached' });
  });

  it('tells why a run failed', () => {
    expect(resultsOf({ outcome: 'failed' }).run).toMatchObject({
      outcome: 'failed',
      fault: { code: 'ERR_PART_CRASHED', message: 'Node 1 ended with code 1.' },
    });
  });

  it('warns of two rounds and finds no difference in them that small numbers cannot carry', () => {
    const results = resultsOf({ rounds: 2 });
    expect(contestant(results, 'jwt-hs256').cost).toMatchObject({ state: 'measured', weakenedBy: ['too-few-rounds'] });
    expect(measuredValue(contestant(results, 'jwt-hs256').throughput)?.requestsPerSecond.low).toBeNull();
  });

  it('leaves out trials whose revoke failed, and says so', () => {
    const failing = exampleRun().map((event): RunEvent => {
      if (event.type !== 'RevocationMeasured' || event.contestant !== 'session' || event.trial > 3) return event;
      return { ...event, revokeStatus: 503, acknowledgedMillis: null };
    });
    const results = resultsOfEvents(failing);
    const { revocation } = contestant(results, 'session');
    expect(measuredValue(revocation.idle)?.trials).toBe(17);
    expect(revocation.idle).toMatchObject({ weakenedBy: ['revoke-not-acknowledged'] });
    // While Redis stands still, that is what may happen.
    expect(revocation['redis-paused']).toMatchObject({ state: 'measured', weakenedBy: [] });
    expect(measuredValue(revocation['redis-paused'])).toMatchObject({ trials: 1, acknowledgedTrials: 0 });
  });

  it('counts what the run itself voided', () => {
    const gaveUp: RunEvent = {
      type: 'TrialVoided',
      at: '2026-01-15T10:15:00.000Z',
      contestant: 'session',
      measure: 'revocation',
      reason: 'a fresh credential is not accepted',
    };
    const events = exampleRun().filter((event) => event.type !== 'RevocationMeasured');
    const results = resultsOfEvents([...events.slice(0, -1), gaveUp, gaveUp, ...events.slice(-1)]);
    expect(results.warnings).toContainEqual(
      expect.objectContaining({ kind: 'trial-voided', contestant: 'session', times: 2, weakens: ['revocation'] }),
    );
    expect(contestant(results, 'session').revocation.idle).toEqual({
      state: 'voided',
      reasons: ['trial-voided'],
      observed: null,
    });
  });

  it('warns of trials in which a node never refused or was never asked', () => {
    const silent = exampleRun().map((event): RunEvent => {
      if (event.type !== 'RevocationMeasured' || event.contestant !== 'hybrid-hs256' || event.trial > 1) return event;
      const [first, ...others] = event.observations;
      const unasked: RevocationMeasured['observations'] = first
        ? [{ ...first, firstRefusedSentMillis: null }, ...others]
        : [];
      return { ...event, observations: unasked };
    });
    expect(contestant(resultsOfEvents(silent), 'hybrid-hs256').revocation.idle).toMatchObject({
      value: { trials: 19 },
      weakenedBy: ['trial-incomplete'],
    });
  });
});
