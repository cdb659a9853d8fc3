/** Tables in GitHub's Markdown, safe for any content. */

import { escaped } from './document.ts';

/** A table whose first column is text; the others are figures, aligned to the right, or texts as well. */
export function markdownTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  others: 'figures' | 'texts' = 'figures',
): string {
  const alignment = headings.map((_, column) => (column === 0 || others === 'texts' ? ':--' : '--:'));
  return [headings, alignment, ...rows.map((row) => row.map(escaped))].map(lineOf).join('\n');
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
