/** Curves in panels: distributions as steps, figures over levels as lines with the interval of each point. */

import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemReturn } from 'echarts';
import type { Curve, CurveChart, CurvePanel, CurvePoint } from '../pictures/picture.ts';
import { axisOption, gridLines, type Scale, scaleOf, spare } from './axes.ts';
import { type Looks, lookOf, shapePaths } from './looks.ts';
import type { Drawing } from './svg.ts';

const panelHeight = { wide: 300, narrow: 290 } as const;

export function drawCurves({ panels }: CurveChart, looks: Looks, width: number): Drawing {
  const isNarrow = width < 500;
  const columns = isNarrow ? 1 : Math.min(2, panels.length);
  const height = panelHeight[isNarrow ? 'narrow' : 'wide'];
  const [left, right, top, bottom] = [isNarrow ? 52 : 60, 16, isNarrow ? 44 : 38, isNarrow ? 62 : 48];
  const cell = width / columns;
  const inner = cell - left - right;
  const scales = panels.map(scalesOf);
  return {
    width,
    height: Math.ceil(panels.length / columns) * height,
    option: {
      grid: panels.map((_, index) => ({
        left: (index % columns) * cell + left,
        top: Math.floor(index / columns) * height + top,
        width: cell - left - right,
        height: height - top - bottom,
      })),
      xAxis: panels.map((panel, index) =>
        axisOption(panel.x.title, at(scales, index).x, { gridIndex: index, nameGap: 28 }, inner),
      ),
      yAxis: panels.map((panel, index) =>
        axisOption(panel.y.title, at(scales, index).y, { gridIndex: index, nameGap: isNarrow ? 38 : 44 }),
      ),
      series: panels.flatMap((panel, index) => [
        ground(panel, at(scales, index), index, inner),
        ...panel.curves.flatMap((curve) => seriesOf(curve, at(scales, index), index, looks)),
      ]),
    },
  };
}

interface Scales {
  readonly x: Scale;
  readonly y: Scale;
}

function at(scales: readonly Scales[], index: number): Scales {
  const found = scales[index];
  if (found === undefined) throw new RangeError('Every panel has its scales.');
  return found;
}

function scalesOf({ x, y, curves, marks }: CurvePanel): Scales {
  const points = curves.flatMap((curve) => [...curve.points, ...(curve.marked ?? [])]);
  return {
    x: scaleOf(x, [
      ...points.flatMap((point) => [point.x, point.xLow ?? point.x, point.xHigh ?? point.x]),
      ...marks.map((mark) => mark.at),
    ]),
    y: scaleOf(
      y,
      points.flatMap((point) => [point.estimate, point.low ?? point.estimate, point.high ?? point.estimate]),
    ),
  };
}

/** Title, grid, and what is marked across the panel. */
function ground({ title, marks }: CurvePanel, { x, y }: Scales, index: number, inner: number) {
  const lines = gridLines(y, 'yAxis');
  const named = marks.map(({ at: place, name }, order) => ({
    xAxis: x.placeOf(place),
    lineStyle: { color: 'var(--muted)', type: 'dashed' as const, width: 1 },
    label: {
      show: true,
      formatter: name,
      position: 'insideEndTop' as const,
      rotate: 0,
      align: (x.placeOf(place) > (x.min + x.max) / 2 ? 'right' : 'left') as 'right' | 'left',
      offset: [0, 16 + 14 * (order % 3)],
      color: 'var(--muted)',
      fontSize: 11,
      textBorderColor: 'var(--page)',
      textBorderWidth: 3,
    },
  }));
  const heading = {
    xAxis: x.min,
    lineStyle: { color: 'transparent' },
    label: {
      show: true,
      formatter: title,
      position: 'end' as const,
      align: 'left' as const,
      width: spare * inner,
      overflow: 'break' as const,
      distance: 12,
      color: 'var(--ink)',
      fontSize: 12.5,
      fontWeight: 'bold' as const,
    },
  };
  return {
    type: 'line' as const,
    xAxisIndex: index,
    yAxisIndex: index,
    silent: true,
    data: [],
    markLine: { ...lines, data: [...lines.data, heading, ...named] },
  };
}

function seriesOf(
  { contestant, form, isDashed, points, marked = [] }: Curve,
  scales: Scales,
  index: number,
  looks: Looks,
) {
  const look = lookOf(looks, contestant);
  const colour = contestant === null ? 'var(--muted)' : look.colour;
  const isSteps = form === 'steps';
  const data = points.map((point) => [scales.x.placeOf(point.x), scales.y.placeOf(point.estimate)]);
  const reaching = [...points.filter(({ low }) => low !== null), ...marked];
  return [
    {
      type: 'line' as const,
      xAxisIndex: index,
      yAxisIndex: index,
      z: 3,
      silent: true,
      ...(isSteps ? { step: 'end' as const } : {}),
      showSymbol: !isSteps,
      symbol: `path://${shapePaths[look.shape]}`,
      symbolSize: 9,
      lineStyle: {
        color: colour,
        width: contestant === null ? 1.5 : 2,
        type: isDashed ? ([6, 4] as number[]) : ('solid' as const),
      },
      itemStyle: { color: isDashed ? 'var(--page)' : colour, borderColor: colour, borderWidth: 1.5 },
      data,
    },
    ...(reaching.length === 0
      ? []
      : [whiskers(reaching, scales, index, colour, isSteps ? shapePaths[look.shape] : null)]),
  ];
}

/** Upwards for an interval of the figure, across for one of the place; where steps are drawn, with the mark of the strategy. */
function whiskers(points: readonly CurvePoint[], { x, y }: Scales, index: number, colour: string, mark: string | null) {
  const draw = ({ dataIndex }: { dataIndex: number }, api: CustomSeriesRenderItemAPI): CustomSeriesRenderItemReturn => {
    const point = points[dataIndex];
    if (point === undefined) return { type: 'group', children: [] };
    const place = (px: number, py: number) => api.coord([x.placeOf(px), y.placeOf(py)]);
    const line = (from: number[], to: number[]) => ({
      type: 'line' as const,
      shape: { x1: from[0] ?? 0, y1: from[1] ?? 0, x2: to[0] ?? 0, y2: to[1] ?? 0 },
      style: { stroke: colour, lineWidth: 2 },
    });
    const [cx = 0, cy = 0] = place(point.x, point.estimate);
    const { low, high, xLow, xHigh } = point;
    const upright = low === null || high === null ? [] : [line(place(point.x, low), place(point.x, high))];
    const level =
      xLow == null || xHigh == null ? [] : [line(place(xLow, point.estimate), place(xHigh, point.estimate))];
    const dot = {
      type: 'path' as const,
      shape: { pathData: mark ?? '', x: -1.2, y: -1.2, width: 2.4, height: 2.4 },
      x: cx,
      y: cy,
      scaleX: 5,
      scaleY: 5,
      style: { fill: colour, stroke: 'var(--page)', lineWidth: 1, strokeNoScale: true },
    };
    return { type: 'group', children: [...upright, ...level, ...(mark === null ? [] : [dot])] };
  };
  return {
    type: 'custom' as const,
    xAxisIndex: index,
    yAxisIndex: index,
    silent: true,
    z: 4,
    renderItem: draw,
    data: points.map((point) => [x.placeOf(point.x), y.placeOf(point.estimate)]),
  };
}
