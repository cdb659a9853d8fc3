/** The comparison of two runs as text: what else differs, what is better or worse, and how much cannot be told. */

import type { FigureComparison, RunComparison } from './compare.ts';
import { counted } from './format.ts';

export function comparisonText({ before, after, differences, figures, missing }: RunComparison): string {
  const told = figures.filter(({ verdict }) => verdict !== 'cannot tell');
  const untold = figures.length - told.length;
  const lines = [
    `Before: ${before}`,
    `After:  ${after}`,
    '',
    ...differences.map((difference) => `differs: ${difference}`),
    ...(differences.length === 0 ? [] : ['']),
    ...told.map(figureLine),
    ...(told.length === 0 ? [] : ['']),
    `${counted(told.length, 'figure')} changed; of ${untold} more these runs cannot tell.`,
    ...(missing.length === 0
      ? []
      : [`${counted(missing.length, 'figure')} of the earlier run are not in the later one.`]),
  ];
  return `${lines.join('\n')}\n`;
}

function figureLine({ name, before, after, low, high, verdict }: FigureComparison): string {
  return `${verdict}: ${name} ${short(before)} -> ${short(after)} (difference ${short(low)} to ${short(high)})`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
