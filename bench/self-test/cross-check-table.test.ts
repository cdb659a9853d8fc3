/** When two load generators are said to agree, and from which rounds that is computed. */

import { describe, expect, it } from 'vitest';
import type { WindowSample } from '../record/run-events.ts';
import type { CheckedRound } from './cross-check.ts';
import { agreementOf, crossCheckRow, crossCheckText } from './cross-check-table.ts';

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
  };
}

/** A little noise, the same every time. */
const noise = [0.99, 1.01, 1, 1.02, 0.98, 1, 1.01, 0.99];
const rounds = (byWrk: number, byLab: number) =>
  noise.map((factor, index) => round({ byWrk: byWrk * factor, byLab: byLab * factor }, index));

describe('two load generators', () => {
  it('agree within 5 %, or where each interval holds the estimate of the other', () => {
    const interval = (low: number, estimate: number, high: number) => ({ low, estimate, high });
    expect(agreementOf(interval(0.49, 0.5, 0.51), interval(0.51, 0.52, 0.53))).toBe('within 5 %');
    expect(agreementOf(interval(0.4, 0.5, 0.6), interval(0.45, 0.55, 0.65))).toBe('within their intervals');
    // The intervals overlap, but one of them is too narrow for the other's estimate.
    expect(agreementOf(interval(0.4, 0.5, 0.6), interval(0.54, 0.55, 0.56))).toBe('no');
    expect(agreementOf(interval(0.49, 0.5, 0.51), interval(0.54, 0.55, 0.56))).toBe('no');
  });

  it('are compared by their ratios to the reference, round by round', () => {
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
    const near = crossCheckRow('session', rounds(5_000, 5_100));
    expect(near && crossCheckText([near])).toContain('They agree on every strategy.');
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
