/** What stands in a row of dots: each dot with its interval and its label, or a word where there is no figure. */

import type { CustomSeriesRenderItemReturn } from 'echarts';
import type { Dot, DotRow } from '../pictures/picture.ts';
import { type Look, shapePaths } from './looks.ts';
import { hatched } from './svg.ts';

export interface Box {
  readonly x: number;
  readonly width: number;
  /** Limits run across it, which a label hides where it stands. */
  readonly isCrossed: boolean;
}

type Marks = NonNullable<Extract<CustomSeriesRenderItemReturn, { type: 'group' }>['children']>;

/** The dots of a row with their intervals and labels; or why there is none. */
export function rowMarks(
  { dots, absence }: DotRow,
  look: Look,
  across: (value: number) => number,
  y: number,
  box: Box,
): Marks {
  if (dots.length === 0) return absence === '' ? [] : absent(absence, y, box);
  return dots.flatMap((dot) => dotMarks(dot, look, across, y, box));
}

/** Where there is no figure the row says so, and does not look like one. */
function absent(text: string, y: number, { x, width }: Box): Marks {
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
  box: Box,
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
              ...(box.isCrossed ? { backgroundColor: 'var(--page)', padding: [1, 2] } : {}),
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
  box: Box,
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
