/** The picture of latency by percentile: at a fixed arrival rate, and in a closed loop beside it. */

import { fixed } from '../format.ts';
import { measuredValue } from '../summarise/figure.ts';
import type { OpenLoopResults } from '../summarise/open-loop.ts';
import type { ContestantResults } from '../summarise/results.ts';
import type { Curve, CurvePanel, CurvePoint, Picture } from './picture.ts';

const percentiles = ['p50', 'p90', 'p99', 'p99.9', 'max'] as const;

/** Null where neither was measured. */
export function latencyPicture(
  contestants: readonly ContestantResults[],
  openLoop: readonly OpenLoopResults[] | null,
): Picture | null {
  const open = (openLoop ?? []).flatMap(({ contestant, latency }) => {
    const value = measuredValue(latency);
    if (value === null) return [];
    const { latencyMicros: all, p50Micros } = value;
    return [curveOf(contestant, [all.p50, all.p90, all.p99, all.p999, all.max], p50Micros)];
  });
  const closed = contestants.flatMap(({ contestant, latency }) => {
    const value = measuredValue(latency);
    return value === null
      ? []
      : [curveOf(contestant, [value.p50Micros, value.p90Micros, value.p99Micros, null, value.maxMicros])];
  });
  const panels = [
    ...panelOf('At a fixed arrival rate, from the intended start', open),
    ...panelOf('Closed loop, from send', closed),
  ];
  if (panels.length === 0) return null;
  return {
    kind: 'picture',
    id: open.length > 0 ? 'open-loop' : 'latency',
    title: 'Latency by percentile',
    caption: `Lower is sooner. A percentile is drawn where enough requests lie beyond it.${open.length > 0 ? ' The median at a fixed rate carries its 95 % interval over rounds.' : ''}${closed.length > 0 ? ' A closed loop waits for a slow server and hardly notices; its latencies are the price of that load.' : ''}`,
    alternative: `${panels.map((panel) => `${panel.title}: ${panel.curves.map(curveText).join('; ')}`).join('. ')}.`,
    chart: { kind: 'curves', panels },
  };
}

function curveOf(
  contestant: string,
  micros: readonly (number | null)[],
  median: { readonly low: number; readonly high: number } | null = null,
): Curve {
  const points = micros.flatMap((estimate, x): CurvePoint[] => {
    if (estimate === null) return [];
    const ends =
      x === 0 && median !== null ? { low: Math.max(1, median.low), high: median.high } : { low: null, high: null };
    return [{ x, estimate, ...ends }];
  });
  return { contestant, name: contestant, form: 'lines', isDashed: contestant === 'none', points };
}

function panelOf(title: string, curves: readonly Curve[]): CurvePanel[] {
  if (curves.length === 0) return [];
  return [
    {
      title,
      x: { title: 'percentile of requests', scale: 'linear', unit: 'number', names: percentiles },
      y: { title: 'latency', scale: 'log', unit: 'micros' },
      curves,
      marks: [],
    },
  ];
}

function curveText({ name, points }: Curve): string {
  return `${name} ${points.map(({ x, estimate }) => `${percentiles[x]} ${fixed(estimate, 0)} µs`).join(', ')}`;
}
