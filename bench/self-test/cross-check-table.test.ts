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
  it('agree where they are next to nothing apart, or no more than the interval of that allows for', () => {
    const apart = (low: number, estimate: number, high: number) => ({ low, estimate, high });
    const ofCosts = { nothing: 0, near: 4 };
    expect(agreementOf(apart(3, 4, 5), ofCosts)).toBe('within 5 %');
    expect(agreementOf(apart(-1, 8, 17), ofCosts)).toBe('within their intervals');
    expect(agreementOf(apart(1, 8, 15), ofCosts)).toBe('no');
    const ofRatios = { nothing: 1, near: 0.05 };
    expect(agreementOf(apart(0.94, 0.96, 0.98), ofRatios)).toBe('within 5 %');
    expect(agreementOf(apart(0.8, 0.9, 1.01), ofRatios)).toBe('within their intervals');
    expect(agreementOf(apart(1.02, 1.1, 1.2), ofRatios)).toBe('no');
  });

  it('are compared round by round: the noise of a round is in both', () => {
    const row = crossCheckRow('session', rounds(5_000, 8_000));
    expect(row).toMatchObject({ soundRounds: 8, rounds: 8, busyUnderWrk: 0.99, busyUnderLab: 0.95 });
    expect(row).toMatchObject({ ratioAgreement: 'no', costAgreement: 'no' });
    expect(row?.ratioByWrk.estimate).toBeCloseTo(0.5, 2);
    expect(row?.ratioByLab.estimate).toBeCloseTo(0.8, 2);
    expect(row?.wrkByLab.estimate).toBeCloseTo(5 / 8, 6);
    expect(row?.wrkByLab.high).toBeCloseTo(5 / 8, 6);
    expect(row?.costByWrk.estimate).toBeCloseTo(100, 0);
    expect(row?.costByLab.estimate).toBeCloseTo(25, 0);
    expect(row?.costApart.estimate).toBeCloseTo(75, 0);
    expect(row && crossCheckText([row]).match(/They do not agree on session\./g)).toHaveLength(2);
    const near = crossCheckRow('session', rounds(5_000, 5_050));
    expect(near && crossCheckText([near]).match(/They agree on every strategy\./g)).toHaveLength(2);
  });

  it('can agree on a cost and not on a ratio, where a request for nothing does not cost the same under both', () => {
    // 140 and 100 microseconds for nothing, 100 more for a check.
    const dearer = rounds(10_000_000 / 2_400, 5_000).map(({ byWrk, ...round }) => {
      const { reference } = byWrk;
      const slower = { ...reference, requests: reference.requests / 1.4, nodeCpuMicrosPerRequest: 140 };
      return { ...round, byWrk: { ...byWrk, reference: slower } };
    });
    const row = crossCheckRow('session', dearer);
    const expected = { costAgreement: 'within 5 %', ratioAgreement: 'no', referenceByWrk: 140, referenceByLab: 100 };
    expect(row).toMatchObject(expected);
    expect(row && crossCheckText([row])).toMatch(
      /They do not agree on session\.[\s\S]+140\.0, 100\.0 \|\n\nThey agree on/,
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
    expect(row).toMatchObject({ soundRounds: 8, rounds: 10, ratioAgreement: 'within 5 %' });
    expect(row && crossCheckText([row])).toContain('| 8 of 10 |');
    expect(crossCheckRow('session', unsound)).toBeNull();
    expect(crossCheckRow('jwt-hs256', rounds(5_000, 5_000))).toBeNull();
  });
});
