/** Tables and texts in GitHub's Markdown, safe for any content. */

/** A table whose first column is text; the others are figures, aligned to the right, or texts as well. */
export function markdownTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  others: 'figures' | 'texts' = 'figures',
): string {
  const alignment = headings.map((_, column) => (column === 0 || others === 'texts' ? ':--' : '--:'));
  return [headings, alignment, ...rows.map((row) => row.map(escaped))].map(lineOf).join('\n');
}

/** Text that may come from outside (a question, a message): it makes no markup, link or column, and stays on its line. */
export function escaped(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*<|]|(?<=\])[([]/g, (character) => `\\${character}`)
    .trim();
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
