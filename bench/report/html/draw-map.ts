/** The trade-off drawn: three zones (nothing seen, how long, until it expires) and the frontier through them. */

import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemReturn } from 'echarts';
import { duration } from '../format.ts';
import type { MapChart, MapPlace, MapPoint } from '../pictures/picture.ts';
import { axisOption, gridLines, linearScale, logScale, type Scale } from './axes.ts';
import { type Box, type LabelPlace, labelPlaces } from './label-places.ts';
import { type Looks, lookOf, shapePaths } from './looks.ts';
import type { Drawing } from './svg.ts';

const right = 12;
const top = 24;
const bottom = 70;

/** Left and right of the drawing. */
function margins(isNarrow: boolean): number {
  return right + (isNarrow ? 48 : 60);
}

/** Half the name of a zone and half that of a tick, pixels, where there is little room. */
const nameReach = 36;

export function drawMap(chart: MapChart, looks: Looks, width: number): Drawing {
  const isNarrow = width < 500;
  const x = zonedScale(chart, width, isNarrow);
  const y = linearScale(
    [0, ...chart.points.flatMap((point) => [point.y.low ?? point.y.estimate, point.y.high ?? point.y.estimate])],
    chart.y.unit,
  );
  const placed = placedPoints(chart, x);
  const height = isNarrow ? 420 : 460;
  const names = namePlaces(placed, x, y, {
    left: margins(isNarrow) - right,
    right: width - right,
    top,
    bottom: height - bottom,
  });
  return {
    width,
    height,
    option: {
      grid: { left: margins(isNarrow) - right, right, top, bottom, containLabel: false },
      xAxis: axisOption(chart.x.title, x, { nameGap: 40 }, isNarrow ? undefined : width / 2),
      yAxis: axisOption(chart.y.title, y, { nameGap: isNarrow ? 36 : 46 }),
      series: [
        background(chart, x, y),
        frontier(chart, placed, x, y),
        ...placed.map((point) => reaches(point, looks, x)),
        {
          type: 'scatter',
          z: 5,
          symbolSize: 15,
          data: placed.map(({ point, at }, index) => dotOf(point, at, looks, names[index])),
        },
      ],
    },
  };
}

interface ZonedScale extends Scale {
  readonly zone: number;
}

function zonedScale({ points, expiryMillis }: MapChart, width: number, isNarrow: boolean): ZonedScale {
  const millis = points.flatMap(({ place, longest, bound }) => [
    ...(typeof place === 'object' ? [place.estimate, place.low ?? 0, place.high ?? 0] : []),
    longest ?? 0,
    bound ?? 0,
  ]);
  const inner = logScale(millis, 'millis');
  // Decades of room for each of the zones at the sides.
  const zone = 0.6 + 0.3 * (inner.max - inner.min);
  const every = isNarrow && inner.ticks.length > 3 ? 2 : 1;
  const sides = [inner.min - zone / 2, inner.max + zone / 2] as const;
  // Beside the name of a zone there is no room for that of a tick: one of them would not be drawn.
  const decade = (width - margins(isNarrow)) / (inner.max - inner.min + 2 * zone);
  const isFree = (at: number) => sides.every((side) => Math.abs(at - side) * decade > nameReach);
  const ticks = [
    { at: sides[0], text: isNarrow ? 'not\nat all' : 'not at all' },
    ...inner.ticks.filter(({ at }, index) => index % every === 0 && isFree(at)),
    { at: sides[1], text: expiryText(expiryMillis, isNarrow) },
  ];
  return { ...inner, min: inner.min - zone, max: inner.max + zone, ticks, zone };
}

function expiryText(millis: number | null, isNarrow: boolean): string {
  if (millis === null) return isNarrow ? 'expiry' : 'until it expires';
  return isNarrow ? `expiry\n(${duration(millis)})` : `until it expires,\ncut to ${duration(millis)} here`;
}

function centreOf(place: MapPlace, x: ZonedScale): number {
  if (place === 'never') return x.min + x.zone / 2;
  if (place === 'until-expiry') return x.max - x.zone / 2;
  return x.placeOf(place.estimate);
}

interface Placed {
  readonly point: MapPoint;
  readonly at: number;
}

/** Those in a zone stand side by side, so that their intervals do not lie on one another: the dearest first. */
function placedPoints({ points, frontier }: MapChart, x: ZonedScale): Placed[] {
  const isFrontier = ({ contestant, place }: MapPoint) => place === 'never' && frontier.includes(contestant);
  return points.map((point) => {
    const { place } = point;
    if (typeof place === 'object') return { point, at: x.placeOf(place.estimate) };
    const alike = points
      .filter((other) => other.place === place)
      .toSorted((left, right) => right.y.estimate - left.y.estimate)
      // The frontier comes down from above to one of those at the left: there it crosses no name.
      .toSorted((left, right) => Number(isFrontier(right)) - Number(isFrontier(left)));
    const step = Math.min(0.2, 0.76 / alike.length) * x.zone;
    const offset = (alike.indexOf(point) - (alike.length - 1) / 2) * step;
    return { point, at: centreOf(place, x) + offset };
  });
}

function background({ noise }: MapChart, x: ZonedScale, y: Scale) {
  return {
    type: 'line' as const,
    data: [],
    silent: true,
    markLine: gridLines(y, 'yAxis'),
    markArea: {
      silent: true,
      itemStyle: { color: 'var(--noise)', opacity: 0.09 },
      label: { color: 'var(--muted)', fontSize: 11, position: 'insideBottomRight' as const },
      data: [
        [{ xAxis: x.min }, { xAxis: x.min + x.zone }],
        [{ xAxis: x.max - x.zone }, { xAxis: x.max }],
        ...(noise === null ? [] : [[{ yAxis: noise.low, name: 'noise' }, { yAxis: noise.high }]]),
      ] as [{ xAxis?: number }, { xAxis?: number }][],
    },
  };
}

/** From above the first to beyond the last: whatever lies up and to the right of it is undercut. */
function frontier(chart: MapChart, placed: readonly Placed[], x: Scale, y: Scale) {
  const steps = chart.frontier.flatMap((name) => {
    const found = placed.find(({ point }) => point.contestant === name);
    return found === undefined ? [] : [[found.at, found.point.y.estimate]];
  });
  const [first, last] = [steps[0], steps.at(-1)];
  return {
    type: 'line' as const,
    step: 'end' as const,
    silent: true,
    symbol: 'none',
    z: 3,
    lineStyle: { color: 'var(--ink)', width: 1.5, type: [6, 4], opacity: 0.75 },
    data: first === undefined || last === undefined ? [] : [[first[0], y.max], ...steps, [x.max, last[1]]],
  };
}

/** Whiskers both ways, the thin line to the longest exposure, and the bar of the bound. */
function reaches({ point, at }: Placed, looks: Looks, x: Scale) {
  const { colour } = lookOf(looks, point.contestant);
  const isFaint = point.standing === 'dominated';
  const { place, y, longest, bound } = point;
  const draw = (_: unknown, api: CustomSeriesRenderItemAPI): CustomSeriesRenderItemReturn => {
    const line = (from: [number, number], to: [number, number], width: number, dash?: number[]) => {
      const [x1 = 0, y1 = 0] = api.coord(from);
      const [x2 = 0, y2 = 0] = api.coord(to);
      const style = {
        stroke: colour,
        lineWidth: isFaint ? width / 2 : width,
        ...(dash === undefined ? {} : { lineDash: dash }),
      };
      return { type: 'line' as const, shape: { x1, y1, x2, y2 }, style };
    };
    const bar = (where: number, half: number, width: number) => {
      const [cx = 0, cy = 0] = api.coord([where, y.estimate]);
      const shape = { x1: cx, y1: cy - half, x2: cx, y2: cy + half };
      return { type: 'line' as const, shape, style: { stroke: colour, lineWidth: isFaint ? width / 2 : width } };
    };
    const reach = typeof place === 'object' ? place : null;
    return {
      type: 'group',
      children: [
        line([at, y.low ?? y.estimate], [at, y.high ?? y.estimate], 2),
        ...(reach === null || reach.low === null || reach.high === null
          ? []
          : [line([x.placeOf(reach.low), y.estimate], [x.placeOf(reach.high), y.estimate], 3)]),
        ...(longest === null
          ? []
          : [line([at, y.estimate], [x.placeOf(longest), y.estimate], 1), bar(x.placeOf(longest), 3, 1)]),
        ...(bound === null
          ? []
          : [
              line([longest === null ? at : x.placeOf(longest), y.estimate], [x.placeOf(bound), y.estimate], 1, [2, 3]),
              bar(x.placeOf(bound), 7, 3),
            ]),
      ],
    };
  };
  return { type: 'custom' as const, z: 4, silent: true, renderItem: draw, data: [[at, y.estimate]] };
}

/** Names keep off one another, off dots and off whiskers; `within` is the grid in pixels. */
function namePlaces(placed: readonly Placed[], x: ZonedScale, y: Scale, within: Box): LabelPlace[] {
  const across = (at: number) => within.left + ((at - x.min) / (x.max - x.min)) * (within.right - within.left);
  const down = (value: number) => within.bottom - ((value - y.min) / (y.max - y.min)) * (within.bottom - within.top);
  return labelPlaces(
    placed.map(({ point, at }) => {
      const { contestant, place, longest, bound } = point;
      const [dotX, dotY] = [across(at), down(point.y.estimate)];
      const reach = typeof place === 'object' ? [place.low, place.high] : [];
      const ends = [...reach, longest, bound].flatMap((millis) =>
        millis === null || millis === undefined ? [] : [across(x.placeOf(millis))],
      );
      const upright = {
        left: dotX - 1,
        right: dotX + 1,
        top: down(point.y.high ?? point.y.estimate),
        bottom: down(point.y.low ?? point.y.estimate),
      };
      const level = { left: Math.min(dotX, ...ends), right: Math.max(dotX, ...ends), top: dotY - 2, bottom: dotY + 2 };
      return { x: dotX, y: dotY, text: contestant, whiskers: [upright, level] };
    }),
    within,
  );
}

function dotOf({ contestant, standing, y }: MapPoint, at: number, looks: Looks, place: LabelPlace | undefined) {
  const { colour, shape } = lookOf(looks, contestant);
  return {
    value: [at, y.estimate],
    symbol: `path://${shapePaths[shape]}`,
    itemStyle: {
      color: standing === 'told' ? colour : standing === 'dominated' ? 'var(--line)' : 'var(--page)',
      borderColor: colour,
      borderWidth: standing === 'dominated' ? 1 : 2,
      opacity: 1,
    },
    label: {
      show: true,
      formatter: contestant,
      ...place,
      distance: 7,
      color: standing === 'dominated' ? 'var(--muted)' : 'var(--ink)',
      fontSize: 12,
      fontWeight: standing === 'told' ? ('bold' as const) : ('normal' as const),
      textBorderColor: 'var(--page)',
      textBorderWidth: 3,
    },
  };
}
