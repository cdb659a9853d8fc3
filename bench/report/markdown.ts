/** `report.md`: the report in GitHub's Markdown, for pull requests and design documents. */

import { type Block, escaped, type Matrix } from './document.ts';
import { markdownTable } from './markdown-table.ts';
import { documentOf, type ReportDocument } from './report-document.ts';
import type { Results } from './summarise/results.ts';
import type { Weakness } from './warning-glance.ts';

/** The whole report. Depends on the results alone: no clock, no language of the machine. */
export function toMarkdown(results: Results): string {
  return documentMarkdown(documentOf(results));
}

export function documentMarkdown(document: ReportDocument): string {
  const { question, standing, about, lead, weaknesses, glance, blocks } = document;
  const parts = [
    `# ${question}`,
    ...standing.map((sentence) => `> **${sentence}**`),
    ...weaknessLines(weaknesses),
    '## The answer',
    ...lead,
    ...(glance.length === 0
      ? []
      : [glance.map(({ label, value, note }) => `- ${label}: **${escaped(value)}** (${escaped(note)})`).join('\n')]),
    about,
    ...blocks.flatMap(printed),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** What voids is as loud as an invalid run; the rest is said in one place. */
function weaknessLines(weaknesses: readonly Weakness[]): string[] {
  const lines = weaknesses.map(({ voids, text }) => (voids ? `> **${escaped(text)}**` : `> ${escaped(text)}`));
  return lines.length === 0 ? [] : [lines.join('\n>\n')];
}

/** A picture has no place here: its figures stand in the table beside it. */
function printed(block: Block): string[] {
  if (typeof block === 'string') return [block];
  switch (block.kind) {
    case 'heading':
      return [`${'#'.repeat(block.level)} ${block.title}`];
    case 'list':
      return [block.items.map((item) => `- ${item}`).join('\n')];
    case 'table':
      return [markdownTable(block.headings, block.rows, block.others)];
    case 'matrix':
      return [matrixTable(block)];
    case 'picture':
      return [];
  }
}

/** The notes have a column of their own where there are any. */
function matrixTable({ corner, about, columns, rows }: Matrix): string {
  const isNoted = rows.some(({ note }) => note !== '');
  const noted = (text: string) => (isNoted ? [text] : []);
  return markdownTable(
    [corner, ...noted(about), ...columns],
    rows.map(({ title, note, cells }) => [title, ...noted(note), ...cells.map(({ text }) => text)]),
    'texts',
  );
}
