/** `results.csv`: every figure of a run, a row each, as RFC 4180 has it. */

import { type FigureRow, figureRows } from './summarise/figure-rows.ts';
import type { Results } from './summarise/results.ts';

const columns = [
  'contestant',
  'figure',
  'level',
  'unit',
  'estimate',
  'low',
  'high',
  'verdict',
  'state',
] as const satisfies readonly (keyof FigureRow)[];

/** With a header; numbers as precise as they are in `results.json`, nothing where there is none. */
export function toCsv(results: Results): string {
  const rows = figureRows(results).map((row) => columns.map((column) => field(row[column])));
  return [columns, ...rows].map((fields) => `${fields.join(',')}\r\n`).join('');
}

function field(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
