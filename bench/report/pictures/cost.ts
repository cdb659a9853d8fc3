/** The pictures of what a check costs: CPU of node and Redis, and what is left of the throughput. */

import { referenceContestant } from '../../record/run-events.ts';
import type { Interval } from '../../statistics/interval.ts';
import { differenceWithInterval, signed, withInterval } from '../format.ts';
import { measuredValue } from '../summarise/figure.ts';
import type { ContestantResults, NoiseFloor } from '../summarise/results.ts';
import { dotRow, dotsAlternative } from './dots.ts';
import type { Dot, DotChart, Picture } from './picture.ts';

export function costPicture(contestants: readonly ContestantResults[], { nodeCpuMicros: noise }: NoiseFloor): Picture {
  const redisNoise = redisNoiseOf(contestants);
  const chart: DotChart = {
    kind: 'dots',
    rows: contestants.map(rowOf),
    panels: [
      {
        title: 'node CPU per check, µs',
        scale: 'linear',
        baseline: 0,
        noise,
        limits: [],
        rows: contestants.map(({ cost }) =>
          dotRow(cost, ({ nodeCpuMicros, verdict }) => [dot(nodeCpuMicros, 1, isUnsure(verdict))]),
        ),
      },
      {
        title: 'Redis CPU per check, µs',
        scale: 'linear',
        baseline: 0,
        noise: redisNoise,
        limits: [],
        rows: contestants.map(({ cost }) =>
          dotRow(cost, ({ redisCpuMicros }) => [dot(redisCpuMicros, 1, isNoise(redisCpuMicros, redisNoise))]),
        ),
      },
    ],
  };
  return {
    kind: 'picture',
    id: 'cost',
    title: 'What a check costs the node and Redis',
    caption:
      'More than the same request without a check: mean and 95 % interval; further left is cheaper. Hollow: this run cannot tell it from nothing. Inside the band `none` differs from itself by as much.',
    alternative: dotsAlternative(chart),
    chart,
  };
}

export function throughputPicture(
  contestants: readonly ContestantResults[],
  { throughputRatio: noise }: NoiseFloor,
): Picture {
  const chart: DotChart = {
    kind: 'dots',
    rows: contestants.map(rowOf),
    panels: [
      {
        title: 'requests per second, as a ratio to none',
        scale: 'linear',
        baseline: 1,
        noise,
        limits: [],
        rows: contestants.map(({ throughput }) =>
          dotRow(throughput, ({ ratioToReference: ratio, verdict }) => [
            {
              ...ratio,
              standing: isUnsure(verdict) ? 'cannot-tell' : 'told',
              label: ratio.estimate.toFixed(2),
              told: withInterval(ratio, 3),
            },
          ]),
        ),
      },
    ],
  };
  return {
    kind: 'picture',
    id: 'throughput',
    title: 'What is left of the throughput',
    caption:
      'Requests per second beside those of a server that checks nothing; further right is faster. Geometric mean and 95 % interval; hollow: this run cannot tell it from 1.',
    alternative: dotsAlternative(chart),
    chart,
  };
}

/** The reference has no verdict: it cannot be told from itself. */
function isUnsure(verdict: string | null): boolean {
  return verdict === null || verdict === 'cannot tell';
}

/** How far two that ask Redis nothing are apart; null where it was not measured. */
function redisNoiseOf(contestants: readonly ContestantResults[]): Interval | null {
  const reference = contestants.find(({ contestant }) => contestant === referenceContestant);
  return reference === undefined ? null : (measuredValue(reference.cost)?.redisCpuMicros ?? null);
}

function isNoise({ estimate, low, high }: Interval, noise: Interval | null): boolean {
  const farthest = noise === null ? 0 : Math.max(Math.abs(noise.low), Math.abs(noise.high));
  return (low <= 0 && high >= 0) || Math.abs(estimate) <= farthest;
}

function rowOf({ contestant }: ContestantResults) {
  return { contestant, title: contestant };
}

function dot(interval: Interval, digits: number, isUnsure: boolean): Dot {
  return {
    ...interval,
    standing: isUnsure ? 'cannot-tell' : 'told',
    label: signed(interval.estimate, digits),
    told: differenceWithInterval(interval, digits),
  };
}
