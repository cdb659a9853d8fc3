import { describe, expect, it } from 'vitest';
import { meanInterval, ratioInterval } from '../../statistics/interval.ts';
import type { CostEstimate } from './cost-of-check.ts';
import { excludes, judge, type LoadEvidence } from './verdicts.ts';

/** Eight differences around `mean`, `spread` to either side. */
const around = (mean: number, spread: number) =>
  Array.from({ length: 8 }, (_, index) => mean + spread * (index % 2 ? 1 : -1));

function evidence(contestant: string, costs: readonly number[], logRatios: readonly number[]): LoadEvidence {
  const nodeCpuMicros = meanInterval(costs);
  const ratioToReference = ratioInterval(logRatios);
  if (nodeCpuMicros === null || ratioToReference === null) throw new Error('needs two values');
  const cost: CostEstimate = {
    pairs: costs.length,
    nodeCpuMicros,
    nodeCpuMicrosWhole: nodeCpuMicros,
    redisCpuMicros: nodeCpuMicros,
    nodeAndRedisCpuMicros: nodeCpuMicros,
    redisCommands: nodeCpuMicros,
    redisNetworkBytes: nodeCpuMicros,
  };
  const requestsPerSecond = { estimate: 1_000, low: null, high: null, count: costs.length };
  const throughput = { pairs: costs.length, ratioToReference, requestsPerSecond };
  return { contestant, isReference: contestant === 'none', soundPairs: [], cost, throughput };
}

const contestant = evidence('session', around(2, 0.1), around(-0.02, 0.001));

describe('judge', () => {
  it('tells a difference in a quiet run', () => {
    const judgement = judge([evidence('none', around(0, 0.1), around(0, 0.001)), contestant]);
    expect(judgement.costs.get('session')?.verdict).toBe('costs more');
    expect(judgement.throughputs.get('session')?.verdict).toBe('slower');
  });

  it('cannot tell the same difference where the reference differs from itself by more', () => {
    const judgement = judge([evidence('none', around(0, 5), around(0, 0.1)), contestant]);
    expect(judgement.costs.get('session')?.verdict).toBe('cannot tell');
    expect(judgement.throughputs.get('session')?.verdict).toBe('cannot tell');
  });

  it('asks more of each comparison the more there are', () => {
    const weak = () => evidence('weak', around(1, 1), around(0, 1));
    const alone = judge([weak()]).costs.get('weak')?.adjustedPValue ?? 1;
    const crowd = Array.from({ length: 20 }, (_, index) => evidence(`other-${index}`, around(0, 1), around(0, 1)));
    const amongMany = judge([weak(), ...crowd]).costs.get('weak')?.adjustedPValue ?? 0;
    expect(alone).toBeLessThan(0.1);
    expect(amongMany).toBeGreaterThan(10 * alone);
  });

  it('spends no comparison on what is void, and judges without a floor where none was measured', () => {
    const judgement = judge([{ ...contestant, throughput: null }]);
    expect(judgement.noiseFloor).toEqual({ nodeCpuMicros: null, throughputRatio: null });
    expect(judgement.throughputs.size).toBe(0);
    expect(judgement.costs.get('session')?.verdict).toBe('costs more');
  });
});

describe('excludes', () => {
  it('is about no difference only', () => {
    expect(excludes({ estimate: 1, low: 0.5, high: 1.5 }, 0)).toBe(true);
    expect(excludes({ estimate: -1, low: -1.5, high: -0.5 }, 0)).toBe(true);
    expect(excludes({ estimate: 0.1, low: -0.2, high: 0.4 }, 0)).toBe(false);
    expect(excludes(null, 0)).toBe(false);
  });
});
