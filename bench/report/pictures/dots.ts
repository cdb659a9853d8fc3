/** Rows of dots from figures: what is void or missing stays a word, and what cannot be told is not drawn as if it could. */

import { absences, weakenedMark } from '../cells.ts';
import type { Figure } from '../summarise/figure.ts';
import type { Dot, DotChart, DotRow } from './picture.ts';

/** `show` sees measured values only; no dots where it finds none. */
export function dotRow<Value>(figure: Figure<Value>, show: (value: Value) => readonly Dot[]): DotRow {
  if (figure.state === 'voided') return { dots: [], absence: 'void' };
  if (figure.state === 'not-measured') return { dots: [], absence: absences[figure.reason] };
  const mark = figure.weakenedBy.length > 0 ? ` ${weakenedMark}` : '';
  const dots = show(figure.value).map((dot) => ({ ...dot, label: `${dot.label}${mark}`.trim() }));
  return { dots, absence: dots.length === 0 ? 'none' : '' };
}

/** Every figure of the picture: `session: node CPU +87.1 [69.3, 104.9]; ...`. */
export function dotsAlternative({ rows, panels }: DotChart): string {
  const texts = rows.map(({ title }, index) => {
    const parts = panels.map((panel) => {
      const row = panel.rows[index];
      const told = row?.dots.map(({ told }) => told).join(', ') ?? '';
      return `${panel.title} ${told === '' ? (row?.absence ?? 'none') : told}`;
    });
    return `${title}: ${parts.join(', ')}`;
  });
  return `${texts.join('; ')}.`;
}
