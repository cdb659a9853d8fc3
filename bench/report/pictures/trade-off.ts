/** The picture of the trade-off: cost of a check upwards, exposure to the right, the frontier through the best of both. */

import { differenceWithInterval, duration, listed } from '../format.ts';
import type { NoiseFloor } from '../summarise/results.ts';
import type { Exposure, TradeOff, TradeOffPoint } from '../summarise/trade-off.ts';
import type { MapPlace, MapPoint, Picture, Standing } from './picture.ts';

export function tradeOffPicture(
  { price, condition, points, outline }: TradeOff,
  { nodeCpuMicros }: NoiseFloor,
): Picture {
  const isCpu = price === 'nodeCpuMicros';
  return {
    kind: 'picture',
    id: 'trade-off',
    title: 'Cost of a check against exposure',
    caption: `Lower is cheaper, further left is sooner. Dots with their 95 % intervals; exposure is the median (${condition}), the thin line reaches to the longest that was seen, and the bar at its end is the published bound. Filled: on the frontier. Hollow: this run cannot tell. Grey: another certainly costs less and exposes no longer.${isCpu ? ' Inside the band a cost is noise.' : ''}`,
    alternative: `${points.map(pointText).join('; ')}.`,
    chart: {
      kind: 'map',
      y: { title: isCpu ? 'node CPU per check, µs' : 'added latency p50, µs', scale: 'linear', unit: 'number' },
      x: { title: 'how long a revoked credential is still accepted', scale: 'log', unit: 'millis' },
      points: points.map(mapPoint),
      frontier: outline,
      noise: isCpu && nodeCpuMicros !== null ? { low: nodeCpuMicros.low, high: nodeCpuMicros.high } : null,
    },
  };
}

const standings: Readonly<Record<TradeOffPoint['standing'], Standing>> = {
  frontier: 'told',
  'cannot tell': 'cannot-tell',
  dominated: 'dominated',
};

function mapPoint({ contestant, price, exposure, standing }: TradeOffPoint): MapPoint {
  const measured = exposure.kind === 'measured' ? exposure : null;
  return {
    contestant,
    place: placeOf(exposure),
    longest: measured === null || measured.longestMillis === 0 ? null : measured.longestMillis,
    bound: measured === null || measured.boundMillis === 0 ? null : measured.boundMillis,
    y: price,
    standing: standings[standing],
  };
}

function placeOf(exposure: Exposure): MapPlace {
  if (exposure.kind === 'until-expiry') return 'until-expiry';
  const { estimate, low, high } = exposure.medianMillis;
  return estimate === 0 ? 'never' : { estimate, low, high };
}

function pointText({ contestant, price, exposure, standing, by }: TradeOffPoint): string {
  const until =
    exposure.kind === 'until-expiry'
      ? 'accepted until it expires'
      : `exposure p50 ${duration(exposure.medianMillis.estimate)}, longest ${duration(exposure.longestMillis)}`;
  const stands = standing === 'frontier' ? 'on the frontier' : `${standing} (${listed(by)})`;
  return `${contestant}: ${differenceWithInterval(price, 1)} µs, ${until}, ${stands}`;
}
