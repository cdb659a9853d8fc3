/** Axes of drawings: places on them, and what stands at their ticks. */

import type { XAXisOption, YAXisOption } from 'echarts/types/dist/shared';
import { duration, fixed } from '../format.ts';
import type { Axis } from '../pictures/picture.ts';

/** An axis on which logarithms are drawn as they are, so that there is a place for "none" beside them. */
export interface Scale {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  /** Where a value is drawn; what is not above zero on a logarithmic axis stands at its beginning. */
  readonly placeOf: (value: number) => number;
}

/** Names a tick with as few digits as tell it. */
export function tickText(value: number, unit: Axis['unit']): string {
  if (unit === 'number') return plainNumber(value);
  return shortTime(unit === 'micros' ? value / 1_000 : value);
}

function plainNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return fixed(value, 0);
  return fixed(value, size >= 1 ? 1 : 2);
}

/** `1.00 ms` is a measurement, `1 ms` a tick. */
function shortTime(millis: number): string {
  return duration(millis)
    .replace(/\.0+(?= )/, '')
    .replace(/(\.\d*[1-9])0+(?= )/, '$1');
}

/** Whole decades around all values; `beside` makes room before the first. */
export function logScale(values: readonly number[], unit: Axis['unit'], beside = 0): Scale {
  const above = values.filter((value) => value > 0);
  const low = above.length === 0 ? 0 : Math.floor(Math.log10(Math.min(...above)) + 1e-9);
  const high = above.length === 0 ? 1 : Math.max(low + 1, Math.ceil(Math.log10(Math.max(...above)) - 1e-9));
  const decades = Array.from({ length: high - low + 1 }, (_, index) => low + index);
  return {
    min: low - beside,
    max: high,
    ticks: decades.map((at) => ({ at, text: tickText(10 ** at, unit) })),
    placeOf: (value) => (value > 0 ? Math.log10(value) : low - beside),
  };
}

/** Round steps, about five of them. */
export function linearScale(values: readonly number[], unit: Axis['unit']): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high - low || Math.abs(high) || 1;
  const rough = span / 5;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = magnitude * ([1, 2, 5, 10].find((factor) => factor * magnitude >= rough) ?? 10);
  const at = (steps: number): number => meant(steps * step);
  const first = Math.floor(low / step);
  const last = Math.max(Math.ceil(high / step), first + 1);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => {
    const place = at(first + index);
    return { at: place, text: unit === 'number' ? fixed(place, digits) : tickText(place, unit) };
  });
  return { min: at(first), max: at(last), ticks, placeOf: (value) => value };
}

/** Without what arithmetic has added: the library finds 0.7 outside of an axis that begins at 0.7000000000000001, and throws. */
function meant(value: number): number {
  return Number(value.toPrecision(12));
}

/** Names at 0, 1, 2 and so on. */
export function namedScale(names: readonly string[]): Scale {
  return {
    min: -0.35,
    max: names.length - 0.65,
    ticks: names.map((text, at) => ({ at, text })),
    placeOf: (value) => value,
  };
}

export function scaleOf(axis: Axis, values: readonly number[]): Scale {
  if (axis.names !== undefined) return namedScale(axis.names);
  const wanted = [
    ...values,
    ...(axis.min === undefined ? [] : [axis.min]),
    ...(axis.max === undefined ? [] : [axis.max]),
  ];
  if (axis.scale === 'linear') return linearScale(wanted, axis.unit);
  const scale = logScale(wanted, axis.unit, axis.zero === undefined ? 0 : 0.7);
  if (axis.zero === undefined) return scale;
  return { ...scale, ticks: [{ at: scale.min, text: axis.zero }, ...scale.ticks] };
}

const text = 'var(--muted)';

type Side = Pick<XAXisOption & YAXisOption, 'gridIndex' | 'nameGap'>;

/** Widths of texts are guessed before the reader's font is known. */
export const spare = 0.8;

/** A title longer than this is broken. */
const titleWidth = 300;

/** What x and y axes have in common. */
export function axisOption(title: string, { min, max, ticks }: Scale, side: Side, width = titleWidth) {
  const places = ticks.map(({ at }) => at);
  const names = new Map(ticks.map((tick) => [tick.at, tick.text]));
  return {
    ...side,
    type: 'value' as const,
    min: meant(min),
    max: meant(max),
    name: broken(title, spare * width),
    nameLocation: 'middle' as const,
    nameTextStyle: { color: text, fontSize: 12, lineHeight: 15 },
    axisLine: { show: true, lineStyle: { color: 'var(--line)' }, onZero: false },
    axisTick: { show: true, customValues: places, lineStyle: { color: 'var(--line)' } },
    splitLine: { show: false },
    axisLabel: {
      color: text,
      fontSize: 12,
      hideOverlap: true,
      customValues: places,
      formatter: (value: number) => names.get(value) ?? nearest(names, value),
    },
  };
}

/** Of most sans-serif fonts at 12 pixels, on average. */
const letterWidth = 6.2;

/** In lines between words, none longer than its width where that can be. */
export function broken(title: string, width: number): string {
  const letters = Math.floor(width / letterWidth);
  const lines: string[] = [];
  for (const word of title.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > letters) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join('\n');
}

function nearest(names: ReadonlyMap<number, string>, value: number): string {
  return [...names].find(([at]) => Math.abs(at - value) < 1e-9)?.[1] ?? '';
}

/** Lines across the drawing at the ticks of one of its axes. */
export function gridLines({ ticks }: Scale, along: 'xAxis' | 'yAxis') {
  return {
    silent: true,
    z: 0,
    symbol: 'none',
    label: { show: false },
    lineStyle: { color: 'var(--grid)', type: 'solid' as const, width: 1 },
    data: ticks.map(({ at }) => ({ [along]: at })),
  };
}
