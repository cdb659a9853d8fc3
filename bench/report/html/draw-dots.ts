/** Dots with their intervals, a row for each strategy: panels side by side on a wide page, below one another on a narrow one. */

import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams, CustomSeriesRenderItemReturn } from 'echarts';
import type { Dot, DotChart, DotPanel, DotRow } from '../pictures/picture.ts';
import { axisOption, broken, gridLines, linearScale, logScale, type Scale, spare } from './axes.ts';
import { type Look, type Looks, lookOf, shapePaths } from './looks.ts';
import { type Drawing, hatched } from './svg.ts';

const rowHeight = 30;
const headHeight = 26;
/** Below a panel: its ticks, and a title of one line or of several; with less the panel would shrink away from its rows. */
const footHeight = { oneLine: 40, more: 62 } as const;

export function drawDots({ rows, panels }: DotChart, looks: Looks, width: number): Drawing {
  const isNarrow = width < 500;
  const longest = Math.max(...rows.map(({ title }) => title.length));
  const left = Math.min(isNarrow ? 130 : 190, 16 + 6.9 * longest);
  const inner = rows.length * rowHeight;
  const columns = isNarrow ? 1 : panels.length;
  const gap = 36;
  const panelWidth = (width - left - 14 - gap * (columns - 1)) / columns;
  const scales = panels.map(scaleOfPanel);
  const isBroken = panels.some(({ title }) => broken(title, spare * panelWidth).includes('\n'));
  const panelHeight = headHeight + inner + footHeight[isNarrow || isBroken ? 'more' : 'oneLine'];
  const place = (index: number) => ({
    left: isNarrow ? left : left + index * (panelWidth + gap),
    top: (isNarrow ? index * panelHeight : 0) + headHeight,
    width: panelWidth,
    height: inner,
  });
  return {
    width,
    height: isNarrow ? panels.length * panelHeight : panelHeight,
    option: {
      grid: panels.map((_, index) => place(index)),
      xAxis: panels.map((panel, index) => ({
        ...axisOption(
          panel.title,
          scales[index] ?? linearScale([0], 'number'),
          { gridIndex: index, nameGap: 24 },
          panelWidth,
        ),
        position: 'bottom' as const,
      })),
      yAxis: panels.map((_, index) => ({
        gridIndex: index,
        type: 'category' as const,
        inverse: true,
        data: rows.map(({ title }) => title),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: {
          show: isNarrow || index === 0,
          color: 'var(--ink)',
          fontSize: 12,
          interval: 0,
          width: left - 14,
          overflow: 'break' as const,
        },
      })),
      series: panels.flatMap((panel, index) => {
        const scale = scales[index] ?? linearScale([0], 'number');
        return [ground(panel, scale, index), marks(panel, scale, index, rows, looks)];
      }),
    },
  };
}

function scaleOfPanel({ rows, baseline, noise, scale, limits }: DotPanel): Scale {
  const ends = rows.flatMap(({ dots }) =>
    dots.flatMap(({ estimate, low, high }) => [estimate, low ?? estimate, high ?? estimate]),
  );
  const others = [...(baseline === null ? [] : [baseline]), ...limits.map(({ at }) => at)];
  const all = [...ends, ...others, ...(noise === null ? [] : [noise.low, noise.high])];
  if (scale === 'log') return logScale(all, 'number');
  return linearScale(all.length === 0 ? [0, 1] : all, 'number');
}

/** What lies behind the dots: the grid, no difference, noise, limits. */
function ground({ baseline, noise, limits }: DotPanel, scale: Scale, index: number) {
  const lines = gridLines(scale, 'xAxis');
  const named = limits.map(({ at, name }) => ({
    xAxis: scale.placeOf(at),
    name,
    lineStyle: { color: 'var(--bad)', type: 'dashed' as const, width: 1 },
    // The rows' axis runs downwards: its start is the top, where no tick stands.
    label: { show: true, formatter: name, position: 'start' as const, color: 'var(--bad)', fontSize: 11, distance: 4 },
  }));
  const none =
    baseline === null ? [] : [{ xAxis: scale.placeOf(baseline), lineStyle: { color: 'var(--muted)', width: 1 } }];
  return {
    type: 'line' as const,
    xAxisIndex: index,
    yAxisIndex: index,
    silent: true,
    data: [],
    markLine: { ...lines, data: [...lines.data, ...none, ...named] },
    markArea: {
      silent: true,
      itemStyle: { color: 'var(--noise)', opacity: 0.13 },
      data: (noise === null ? [] : [[{ xAxis: scale.placeOf(noise.low) }, { xAxis: scale.placeOf(noise.high) }]]) as [
        { xAxis: number },
        { xAxis: number },
      ][],
    },
  };
}

function marks(panel: DotPanel, scale: Scale, index: number, rows: DotChart['rows'], looks: Looks) {
  const draw = (
    { dataIndex, coordSys }: CustomSeriesRenderItemParams,
    api: CustomSeriesRenderItemAPI,
  ): CustomSeriesRenderItemReturn => {
    const row = panel.rows[dataIndex];
    const look = lookOf(looks, rows[dataIndex]?.contestant ?? null);
    const box = coordSys as unknown as { readonly x: number; readonly width: number };
    const across = (value: number) => api.coord([scale.placeOf(value), dataIndex])[0] ?? 0;
    const y = api.coord([scale.min, dataIndex])[1] ?? 0;
    return { type: 'group', children: row === undefined ? [] : rowMarks(row, look, across, y, box) };
  };
  return {
    type: 'custom' as const,
    xAxisIndex: index,
    yAxisIndex: index,
    silent: true,
    z: 4,
    renderItem: draw,
    data: panel.rows.map((_, row) => [scale.min, row]),
  };
}

type Marks = NonNullable<Extract<CustomSeriesRenderItemReturn, { type: 'group' }>['children']>;

function rowMarks(
  { dots, absence }: DotRow,
  look: Look,
  across: (value: number) => number,
  y: number,
  box: { readonly x: number; readonly width: number },
): Marks {
  if (dots.length === 0) return absence === '' ? [] : absent(absence, y, box);
  return dots.flatMap((dot) => dotMarks(dot, look, across, y, box));
}

/** Where there is no figure the row says so, and does not look like one. */
function absent(text: string, y: number, { x, width }: { readonly x: number; readonly width: number }): Marks {
  const fill = text.startsWith('void')
    ? [{ type: 'rect' as const, shape: { x, y: y - 10, width, height: 20 }, style: { fill: hatched } }]
    : [];
  const isVoid = fill.length > 0;
  return [
    ...fill,
    {
      type: 'text' as const,
      style: {
        text,
        x: x + 8,
        y,
        fill: isVoid ? 'var(--bad)' : 'var(--muted)',
        fontSize: labelSize,
        fontFamily: 'inherit',
        fontWeight: isVoid ? ('bold' as const) : ('normal' as const),
        verticalAlign: 'middle' as const,
        stroke: 'var(--page)',
        lineWidth: 3,
      },
    },
  ];
}

/** From the middle of a dot to its text, in pixels. */
const besideDot = 13;
const labelSize = 12.5;
/** Of a letter at that size in the widest of the usual fonts. */
const labelLetter = 7.6;

function dotMarks(
  { estimate, low, high, standing, label }: Dot,
  { colour, shape }: Look,
  across: (value: number) => number,
  y: number,
  box: { readonly x: number; readonly width: number },
): Marks {
  const x = across(estimate);
  const isTold = standing === 'told';
  const whisker = low === null || high === null ? [] : whiskerMarks(across(low), across(high), y, colour);
  const ends = { left: Math.min(across(low ?? estimate) - 9, x - besideDot), right: across(high ?? estimate) + 9 };
  return [
    ...whisker,
    {
      type: 'path' as const,
      shape: { pathData: shapePaths[shape], x: -1.2, y: -1.2, width: 2.4, height: 2.4 },
      x,
      y,
      scaleX: 6,
      scaleY: 6,
      style: { fill: isTold ? colour : 'var(--page)', stroke: colour, lineWidth: 2, strokeNoScale: true },
    },
    ...(label === ''
      ? []
      : [
          {
            type: 'text' as const,
            style: {
              text: label,
              ...labelPlace(label, { x, y }, { ...ends, right: Math.max(ends.right, x + besideDot) }, box),
              fill: isTold ? 'var(--ink)' : 'var(--unsure)',
              fontSize: labelSize,
              fontFamily: 'inherit',
              verticalAlign: 'middle' as const,
              stroke: 'var(--page)',
              lineWidth: 3,
            },
          },
        ]),
  ];
}

/** Beyond the whisker where there is room, on the right if it can be; else above it, beside the dot. */
function labelPlace(
  label: string,
  { x, y }: { readonly x: number; readonly y: number },
  { left, right }: { readonly left: number; readonly right: number },
  box: { readonly x: number; readonly width: number },
) {
  const width = label.length * labelLetter;
  const end = box.x + box.width;
  if (right + width <= end + besideDot) return { x: right, y, align: 'left' as const };
  if (left - width >= box.x) return { x: left, y, align: 'right' as const };
  const isLeft = x > box.x + box.width / 2;
  return { x: isLeft ? x - 8 : x + 8, y: y - 10, align: isLeft ? ('right' as const) : ('left' as const) };
}

function whiskerMarks(from: number, to: number, y: number, colour: string): Marks {
  const style = { stroke: colour, lineWidth: 2 };
  const line = (x1: number, y1: number, x2: number, y2: number) => ({
    type: 'line' as const,
    shape: { x1, y1, x2, y2 },
    style,
  });
  return [line(from, y, to, y), line(from, y - 4, from, y + 4), line(to, y - 4, to, y + 4)];
}
