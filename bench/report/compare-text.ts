/** The comparison of two runs as text: what else differs, what is better or worse, and how much cannot be told. */

import { changedFigures, type FigureComparison, type RunComparison } from './compare.ts';
import type { SurroundingFact } from './compare-surroundings.ts';
import { counted } from './format.ts';

/** One after the other, each with the first run. */
export function comparisonsText(comparisons: readonly RunComparison[]): string {
  return comparisons.map(comparisonText).join('\n');
}

export function comparisonText({ before, after, differences, figures, missing }: RunComparison): string {
  const changed = changedFigures({ figures });
  const lines = [
    `Before: ${before}`,
    `After:  ${after}`,
    '',
    ...differences.map(differenceLine),
    ...(differences.length === 0 ? [] : ['']),
    ...changed.map(figureLine),
    ...(changed.length === 0 ? [] : ['']),
    summaryLine(figures, changed.length),
    ...(missing.length === 0
      ? []
      : [`${counted(missing.length, 'figure')} of the earlier run are not in the later one.`]),
  ];
  return `${lines.join('\n')}\n`;
}

function summaryLine(figures: readonly FigureComparison[], changed: number): string {
  if (figures.length === 0) return 'These runs have no figure in common that could be compared.';
  const same = figures.filter(({ verdict }) => verdict === 'the same').length;
  const rest = figures.length - changed - same;
  return `${counted(changed, 'figure')} changed, ${same} are the same; of ${rest} more these runs cannot tell.`;
}

function differenceLine({ name, values: [before, after], weakens }: SurroundingFact): string {
  const why = weakens === null ? '' : ` (weakens the comparison: ${weakens})`;
  return `differs: ${name}: ${before || 'unknown'} before, ${after || 'unknown'} after${why}`;
}

function figureLine({ name, before, after, low, high, verdict }: FigureComparison): string {
  return `${verdict}: ${name} ${short(before)} -> ${short(after)} (difference ${short(low)} to ${short(high)})`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
