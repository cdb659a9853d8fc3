/** Blocks of the report as HTML. A table that follows a picture stands behind it. */

import { weakenedMark } from '../cells.ts';
import type { Block, Markup, Matrix, Table } from '../document.ts';
import type { Picture } from '../pictures/picture.ts';
import { drawingsOf } from './drawing.ts';
import { keptTogether, markupHtml, markupText, plainHtml, slug } from './inline.ts';
import { hyphenated, type Looks, swatch } from './looks.ts';

export function blocksHtml(blocks: readonly Block[], looks: Looks): string {
  const names = hyphenated(looks);
  const prose = (markup: Markup) => keptTogether(markupHtml(markup), names);
  const parts: string[] = [];
  let title = '';
  for (let index = 0; index < blocks.length; index += 1) {
    const block = blocks[index];
    if (block === undefined) break;
    if (typeof block === 'string') parts.push(`<p>${prose(block)}</p>`);
    else if (block.kind === 'heading') {
      title = block.title;
      parts.push(`<h${block.level} id="${slug(block.title)}">${markupHtml(block.title)}</h${block.level}>`);
    } else if (block.kind === 'list') {
      parts.push(`<ul>${block.items.map((item) => `<li>${prose(item)}</li>`).join('')}</ul>`);
    } else if (block.kind === 'table') parts.push(tableHtml(block, looks, title));
    else if (block.kind === 'matrix') parts.push(matrixHtml(block, looks, title));
    else {
      const next = blocks[index + 1];
      const behind = typeof next === 'object' && next.kind === 'table' ? next : null;
      if (behind !== null) index += 1;
      parts.push(figureHtml(block, behind, looks));
    }
  }
  return parts.join('\n');
}

function figureHtml(picture: Picture, behind: Table | null, looks: Looks): string {
  const table =
    behind === null
      ? ''
      : `<details><summary>The figures of this picture as a table</summary>${tableHtml(behind, looks, picture.title)}</details>`;
  const caption = `<figcaption><b>${plainHtml(picture.title)}</b> ${keptTogether(markupHtml(picture.caption), [])}</figcaption>`;
  return `<figure id="picture-${picture.id}">${caption}\n${drawingsOf(picture, looks)}\n${legendHtml(picture, looks)}${table}</figure>`;
}

/** Whose curve is whose; rows and dots say so themselves. */
function legendHtml({ chart }: Picture, looks: Looks): string {
  if (chart.kind !== 'curves') return '';
  const curves = chart.panels.flatMap((panel) => panel.curves);
  const names = [...new Set(curves.map(({ name }) => name))];
  const items = names.map((name) => {
    const look = looks.get(curves.find((curve) => curve.name === name)?.contestant ?? '');
    return `<li>${look === undefined ? dash : swatch(look)}${plainHtml(name)}</li>`;
  });
  return `<ul class="legend">${items.join('')}</ul>\n`;
}

const dash =
  '<svg class="swatch" viewBox="-1.4 -1.4 2.8 2.8" aria-hidden="true"><path d="M-1.4 0H1.4" stroke="var(--muted)" stroke-width=".5" stroke-dasharray=".8 .4"/></svg>';

/** Wider than the page it can be scrolled, also by keyboard. */
function tableHtml({ headings, rows, others }: Table, looks: Looks, title: string): string {
  const head = headings.map((heading) => `<th scope="col">${plainHtml(heading)}</th>`).join('');
  const body = rows.map(
    (row) => `<tr>${row.map((cell, column) => cellHtml(cell, column, headings[column] ?? '', looks)).join('')}</tr>`,
  );
  return scrollable(
    title,
    `<table class="${others}"><thead><tr>${head}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table>`,
  );
}

function scrollable(title: string, html: string): string {
  return `<div class="table" role="region" tabindex="0" aria-label="${plainHtml(markupText(title))}">${html}</div>`;
}

/** Its heading stands before a cell of text where a row is too wide to stand beside it. */
function cellHtml(cell: string, column: number, heading: string, looks: Looks): string {
  if (column === 0) return `<th scope="row">${nameHtml(cell, looks)}</th>`;
  const kind = cellKind(cell);
  const name = heading === '' ? '' : ` data-name="${plainHtml(heading)}"`;
  return `<td${kind === '' ? '' : ` class="${kind}"`}${name}>${plainHtml(cell)}</td>`;
}

/** `session, idle` is about a strategy too. */
export function nameHtml(text: string, looks: Looks): string {
  const [name = ''] = text.split(/, | [†]/);
  const look = looks.get(name);
  return look === undefined ? plainHtml(text) : `${swatch(look)}${plainHtml(text)}`;
}

/** Words that must not look like figures. */
function cellKind(text: string): string {
  if (/^void\b/.test(text)) return 'void';
  if (/^(fails|does not hold|GOT THROUGH|worse)\b/.test(text)) return 'bad';
  if (text === 'better') return 'good';
  if (text === '?' || /\bcannot tell\b/.test(text)) return 'unsure';
  if (/^(–|not asked|not reached|not judged|too few|none|the same)$/.test(text.replace(` ${weakenedMark}`, '')))
    return 'absent';
  return '';
}

function matrixHtml({ corner, columns, rows }: Matrix, looks: Looks, title: string): string {
  const head = [corner, ...columns].map((name) => `<th scope="col">${nameHtml(name, looks)}</th>`).join('');
  const body = rows.map(({ title: name, note, cells }) => {
    const heading = `<th scope="row">${plainHtml(name)}${note === '' ? '' : ` <small>${plainHtml(note)}</small>`}</th>`;
    return `<tr>${heading}${cells.map(({ state, text }) => `<td class="${state}"><div>${plainHtml(text)}</div></td>`).join('')}</tr>`;
  });
  return scrollable(
    title,
    `<table class="matrix"><thead><tr>${head}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table>`,
  );
}
