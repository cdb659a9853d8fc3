/** When two load generators are said to agree, and from which rounds that is computed. */

import { describe, expect, it } from 'vitest';
import type { WindowSample } from '../record/run-events.ts';
import type { CheckedRound } from './cross-check.ts';
import { agreementOf, crossCheckRow, crossCheckText, wakingCost } from './cross-check-table.ts';

interface Made {
  /** Requests per second of the contestant, where the reference has 10,000. */
  readonly byWrk: number;
  readonly byLab: number;
  readonly failures?: number;
  readonly statuses?: Readonly<Record<string, number>>;
}

function round({ byWrk, byLab, failures = 0, statuses = { '200': 1 } }: Made, index: number): CheckedRound {
  const wrkWindow = (requests: number) => ({
    requests,
    durationMillis: 1_000,
    failures,
    nodeCpuMicrosPerRequest: 1_000_000 / requests,
    nodeEventLoopUtilisation: 0.99,
  });
  const labWindow = (requests: number): WindowSample => ({
    requests: requests / 2,
    durationMillis: 500,
    statuses,
    errors: 0,
    nodeCpuMicros: 500_000,
    nodeEventLoopUtilisation: 0.95,
    redisCpuMicros: 0,
    redisCommands: 0,
    redisNetworkBytes: 0,
    generatorCpuMicros: 1,
    generatorEventLoopUtilisation: 0.5,
    latencyHistogram: '',
  });
  return {
    contestant: 'session',
    round: index + 1,
    byWrk: { contestant: wrkWindow(byWrk), reference: wrkWindow(10_000) },
    byLab: { contestantSample: labWindow(byLab), referenceSample: labWindow(10_000) },
    byWrkAsleep: null,
    idle: null,
  };
}

/** A little noise, the same every time. */
const noise = [0.99, 1.01, 1, 1.02, 0.98, 1, 1.01, 0.99];
const rounds = (byWrk: number, byLab: number) =>
  noise.map((factor, index) => round({ byWrk: byWrk * factor, byLab: byLab * factor }, index));

describe('two load generators', () => {
  it('agree on a cost within 5 %, or where each interval holds the estimate of the other', () => {
    const interval = (low: number, estimate: number, high: number) => ({ low, estimate, high });
    expect(agreementOf(interval(79, 80, 81), interval(83, 84, 85))).toBe('within 5 %');
    expect(agreementOf(interval(70, 80, 90), interval(78, 88, 98))).toBe('within their intervals');
    // The intervals overlap, but one of them is too narrow for the other's estimate.
    expect(agreementOf(interval(70, 80, 90), interval(86, 88, 90))).toBe('no');
    expect(agreementOf(interval(79, 80, 81), interval(87, 88, 89))).toBe('no');
    // Of the reference against itself, which is nothing on either side of nothing.
    expect(agreementOf(interval(-3, -1, 1), interval(-2, 0.5, 3))).toBe('within their intervals');
    expect(agreementOf(interval(-1.5, -1, -0.5), interval(0.2, 0.5, 0.8))).toBe('no');
  });

  it('are judged by the cost over the reference; their ratios stand beside it, round by round', () => {
    const row = crossCheckRow('session', rounds(5_000, 8_000));
    expect(row).toMatchObject({ soundRounds: 8, rounds: 8, agreement: 'no', busyUnderWrk: 0.99, busyUnderLab: 0.95 });
    expect(row?.ratioByWrk.estimate).toBeCloseTo(0.5, 2);
    expect(row?.ratioByLab.estimate).toBeCloseTo(0.8, 2);
    // The noise of a round is in both: it cancels out.
    expect(row?.wrkByLab.estimate).toBeCloseTo(5 / 8, 6);
    expect(row?.wrkByLab.high).toBeCloseTo(5 / 8, 6);
    expect(row?.costByWrk.estimate).toBeCloseTo(100, 0);
    expect(row?.costByLab.estimate).toBeCloseTo(25, 0);
    expect(row && crossCheckText([row])).toContain('They do not agree on session.');
    const near = crossCheckRow('session', rounds(5_000, 5_050));
    expect(near && crossCheckText([near])).toContain('They agree on every strategy.');
  });

  it('agree where the same check costs the same, though the ratios are apart because a request for nothing does not', () => {
    // 140 and 100 microseconds for nothing, 100 more for a check.
    const dearer = rounds(10_000_000 / 2_400, 5_000).map(({ byWrk, ...round }) => {
      const { reference } = byWrk;
      const slower = { ...reference, requests: reference.requests / 1.4, nodeCpuMicrosPerRequest: 140 };
      return { ...round, byWrk: { ...byWrk, reference: slower } };
    });
    const row = crossCheckRow('session', dearer);
    expect(row).toMatchObject({ agreement: 'within 5 %', referenceByWrk: 140, referenceByLab: 100 });
    expect(row?.wrkByLab.low).toBeGreaterThan(1.1);
    const text = row === null ? '' : crossCheckText([row]);
    expect(text).toContain('They agree on every strategy.');
    expect(text).toMatch(
      /need not agree: a request for nothing does not cost.+\n\n.+\n.+\n\| session \|.+\| 140\.0, 100\.0 \|/,
    );
  });

  it('are told apart from what nodes do by themselves, which wrk does not charge to them', () => {
    const periodOf = (cpuMicros: number) => ({ durationMillis: 1_000, cpuMicros });
    const idle = { contestantIdle: periodOf(20_000), referenceIdle: periodOf(0) };
    const watched = rounds(5_000, 5_000).map((round) => {
      const { contestantSample, referenceSample } = round.byLab;
      return {
        ...round,
        idle,
        byLab: { referenceSample, contestantSample: { ...contestantSample, otherTurnsMillis: 500 } },
      };
    });
    // 10 ms in the other's turns, over 2,500 requests.
    const [before, after] = [rounds(5_000, 5_000), watched].map(
      (all) => crossCheckRow('session', all)?.costByLab.estimate,
    );
    expect((before ?? 0) - (after ?? 0)).toBeCloseTo(4, 1);
  });

  it('tell what a wrk that sleeps costs the server, of the rounds in which it did and nothing went wrong', () => {
    const asleep = (nodeCpuMicrosPerRequest: number, failures = 0) => ({
      requests: 1,
      durationMillis: 1_000,
      failures,
      nodeCpuMicrosPerRequest,
      nodeEventLoopUtilisation: 0.9,
    });
    const [first, second, third, ...others] = rounds(5_000, 5_000);
    if (first === undefined || second === undefined || third === undefined) throw new RangeError('three rounds');
    const watched = [
      { ...first, byWrkAsleep: asleep(120) },
      { ...second, byWrkAsleep: asleep(126) },
      { ...third, byWrkAsleep: asleep(900, 1) },
      ...others,
    ];
    // The reference costs 100 there.
    expect(wakingCost(watched)?.estimate).toBeCloseTo(23, 6);
    expect(crossCheckText([], wakingCost(watched))).toContain('costs the server +23.0 [');
    expect(wakingCost(others)).toBeNull();
    expect(crossCheckText([])).not.toContain('sleeps');
  });

  it('are not compared by rounds in which anything went wrong', () => {
    const unsound = [
      round({ byWrk: 1, byLab: 5_000, failures: 1 }, 8),
      round({ byWrk: 5_000, byLab: 1, statuses: { '200': 1, '401': 1 } }, 9),
    ];
    const row = crossCheckRow('session', [...rounds(5_000, 5_000), ...unsound]);
    expect(row).toMatchObject({ soundRounds: 8, rounds: 10, agreement: 'within 5 %' });
    expect(row && crossCheckText([row])).toContain('| 8 of 10 |');
    expect(crossCheckRow('session', unsound)).toBeNull();
    expect(crossCheckRow('jwt-hs256', rounds(5_000, 5_000))).toBeNull();
  });
});
