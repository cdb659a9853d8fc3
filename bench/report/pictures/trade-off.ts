/** The picture of the trade-off: cost of a check upwards, exposure to the right, the frontier through the best of both. */

import { lifetimeMillisOf } from '../expiry-words.ts';
import { differenceWithInterval, duration, listed } from '../format.ts';
import type { NoiseFloor } from '../summarise/results.ts';
import type { Exposure, TradeOff, TradeOffPoint } from '../summarise/trade-off.ts';
import type { MapPlace, MapPoint, Picture, Standing } from './picture.ts';

export function tradeOffPicture(tradeOff: TradeOff, { nodeCpuMicros }: NoiseFloor): Picture {
  const { price, points, outline } = tradeOff;
  const isCpu = price === 'nodeCpuMicros';
  const noise = isCpu && nodeCpuMicros !== null ? { low: nodeCpuMicros.low, high: nodeCpuMicros.high } : null;
  return {
    kind: 'picture',
    id: 'trade-off',
    title: 'Cost of a check against exposure',
    caption: captionOf(tradeOff, noise !== null),
    alternative: `${points.map(pointText).join('; ')}.`,
    chart: {
      kind: 'map',
      y: { title: isCpu ? 'node CPU per check, µs' : 'added latency p50, µs', scale: 'linear', unit: 'number' },
      x: { title: 'how long a revoked credential is still accepted', scale: 'log', unit: 'millis' },
      points: points.map(mapPoint),
      frontier: outline,
      expiryMillis: lifetimeMillisOf(tradeOff),
      noise,
    },
  };
}

/** Names nothing that is not drawn. */
function captionOf({ condition, points, outline }: TradeOff, hasNoise: boolean): string {
  const measured = points.flatMap(({ exposure }) => (exposure.kind === 'measured' ? [exposure] : []));
  const sentences = [
    'Lower is cheaper, further left is sooner. The grey columns lie off the scale: left and right mean nothing inside.',
    `Dots with 95 % intervals, at the median exposure (${condition})${measured.some(({ longestMillis }) => longestMillis > 0) ? '; thin line: to the longest seen' : ''}${measured.some(({ boundMillis }) => boundMillis > 0) ? '; dotted line: to the published bound, a bar' : ''}.`,
    ...(outline.length === 0 ? [] : ['Dashed line: the frontier, by the estimates.']),
    'Filled: on the frontier; hollow: this run cannot tell; grey: another certainly costs less and exposes no longer.',
    ...(hasNoise ? ['Inside the band a cost is noise.'] : []),
  ];
  return sentences.join(' ');
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
      ? `accepted until it expires${exposure.lifetimeMillis === null ? '' : ` (${duration(exposure.lifetimeMillis)} here)`}`
      : `exposure p50 ${duration(exposure.medianMillis.estimate)}, longest ${duration(exposure.longestMillis)}`;
  const stands = standing === 'frontier' ? 'on the frontier' : `${standing} (${listed(by)})`;
  return `${contestant}: ${differenceWithInterval(price, 1)} µs, ${until}, ${stands}`;
}
