/** Dots with their intervals, a row for each strategy: panels side by side on a wide page, below one another on a narrow one. */

import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams, CustomSeriesRenderItemReturn } from 'echarts';
import type { DotChart, DotPanel } from '../pictures/picture.ts';
import { axisOption, broken, gridLines, linearScale, logScale, type Scale, spare } from './axes.ts';
import { rowMarks } from './dot-marks.ts';
import { type Looks, lookOf } from './looks.ts';
import type { Drawing } from './svg.ts';

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
  const levels = panels.flatMap(({ limits }, index) => limitLevels(limits, at(scales, index), panelWidth));
  const head = headHeight + levelHeight * Math.max(0, ...levels);
  const panelHeight = head + inner + footHeight[isNarrow || isBroken ? 'more' : 'oneLine'];
  const place = (index: number) => ({
    left: isNarrow ? left : left + index * (panelWidth + gap),
    top: (isNarrow ? index * panelHeight : 0) + head,
    width: panelWidth,
    height: inner,
  });
  return {
    width,
    height: isNarrow ? panels.length * panelHeight : panelHeight,
    option: {
      grid: panels.map((_, index) => place(index)),
      xAxis: panels.map((panel, index) => ({
        ...axisOption(panel.title, at(scales, index), { gridIndex: index, nameGap: 24 }, panelWidth),
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
        const scale = at(scales, index);
        return [ground(panel, scale, index, panelWidth), marks(panel, scale, index, rows, looks)];
      }),
    },
  };
}

function at(scales: readonly Scale[], index: number): Scale {
  const found = scales[index];
  if (found === undefined) throw new RangeError('Every panel has its scale.');
  return found;
}

/** Between the names of limits that stand above one another. */
const levelHeight = 13;

/** How high the name of each limit stands, so that it keeps clear of the one before it. In pixels a digit is 7 wide. */
function limitLevels(limits: DotPanel['limits'], scale: Scale, width: number): number[] {
  const placeOf = (value: number) => (width * (scale.placeOf(value) - scale.min)) / (scale.max - scale.min);
  const levels: number[] = [];
  for (const [order, { at: own, name }] of limits.entries()) {
    const before = limits[order - 1];
    const isClose = before !== undefined && placeOf(own) - placeOf(before.at) < 7 * name.length;
    levels.push(isClose ? (levels[order - 1] ?? 0) + 1 : 0);
  }
  return levels;
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
function ground({ baseline, noise, limits }: DotPanel, scale: Scale, index: number, width: number) {
  const lines = gridLines(scale, 'xAxis');
  const levels = limitLevels(limits, scale, width);
  const named = limits.map(({ at, name }, order) => ({
    xAxis: scale.placeOf(at),
    name,
    lineStyle: { color: 'var(--bad)', type: 'dashed' as const, width: 1 },
    // The rows' axis runs downwards: its start is the top, where no tick stands.
    label: {
      show: true,
      formatter: name,
      position: 'start' as const,
      color: 'var(--bad)',
      fontSize: 11.5,
      distance: 4 + levelHeight * (levels[order] ?? 0),
    },
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
    const { x, width } = coordSys as unknown as { readonly x: number; readonly width: number };
    const box = { x, width, isCrossed: panel.limits.length > 0 };
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
