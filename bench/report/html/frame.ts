/** The frame of every page: one file that needs no network and no script; contents, the top, sections. */

import type { Block, Markup } from '../document.ts';
import type { ReportDocument } from '../report-document.ts';
import { blocksHtml } from './blocks.ts';
import { keptTogether, markupHtml, plainHtml, slug } from './inline.ts';
import { type Hue, hueWords, hyphenated, type Looks, swatch } from './looks.ts';
import { style } from './style.ts';

export interface Page {
  /** Of the browser's window. Plain text. */
  readonly title: string;
  /** What it is about, in a line above the title. HTML. */
  readonly kicker: string;
  readonly document: ReportDocument;
  readonly looks: Looks;
  /** Where what weakens it is told in full. */
  readonly weaknessLink: { readonly section: Markup; readonly text: string };
  /** At the very end, how to make it anew. HTML. */
  readonly foot: string;
  readonly authlabVersion: string;
}

/** The same page gives the same bytes. */
export function pageHtml(page: Page): string {
  const { document, looks } = page;
  const sections = sectionsOf(document.blocks);
  const titles = sections.flatMap(([first]) =>
    typeof first === 'object' && first.kind === 'heading' ? [first.title] : [],
  );
  const contents = `<ul>${titles.map((title) => `<li><a href="#${slug(title)}">${markupHtml(title)}</a></li>`).join('')}</ul>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="generator" content="authlab ${plainHtml(page.authlabVersion)}">
<title>${plainHtml(page.title)} – authlab</title>
<style>${style}</style>
</head>
<body>
<div class="frame">
<nav class="rail" aria-label="Contents">${contents}</nav>
<div>
${headerHtml(page)}
<nav class="contents" aria-label="Contents"><details><summary>Contents</summary>${contents}</details></nav>
<main>
${sections.map((blocks) => `<section>\n${blocksHtml(blocks, looks)}\n</section>`).join('\n')}
</main>
<footer>${markupHtml(document.about)} ${page.foot}</footer>
</div>
</div>
</body>
</html>
`;
}

/** From each heading of the second level to the next. */
function sectionsOf(blocks: readonly Block[]): Block[][] {
  const sections: Block[][] = [];
  for (const block of blocks) {
    const begins = typeof block === 'object' && block.kind === 'heading' && block.level === 2;
    if (begins || sections.length === 0) sections.push([]);
    sections.at(-1)?.push(block);
  }
  return sections;
}

function headerHtml({ kicker, document, weaknessLink, looks }: Page): string {
  const { question, standing, weaknesses, lead, glance } = document;
  const names = hyphenated(looks);
  const parts = [
    `<p class="kicker">${kicker}</p>`,
    `<h1>${markupHtml(question)}</h1>`,
    ...standing.map((sentence) => `<p class="standing">${markupHtml(sentence)}</p>`),
    ...[
      ...weaknessesHtml(weaknesses, weaknessLink),
      ...lead.map((sentence) => `<p class="lead">${markupHtml(sentence)}</p>`),
      ...glanceHtml(glance),
    ].map((html) => keptTogether(html, names)),
    ...keyHtml(looks),
  ];
  return `<header>\n${parts.join('\n')}\n</header>`;
}

function weaknessesHtml(weaknesses: ReportDocument['weaknesses'], link: Page['weaknessLink']): string[] {
  if (weaknesses.length === 0) return [];
  const items = weaknesses.map(({ voids, text }) => `<li${voids ? ' class="void"' : ''}>${plainHtml(text)}</li>`);
  return [
    `<div class="weaknesses"><h2>Before you rely on it</h2><ul>${items.join('')}</ul><a href="#${slug(link.section)}">${plainHtml(link.text)}</a></div>`,
  ];
}

function glanceHtml(glance: ReportDocument['glance']): string[] {
  if (glance.length === 0) return [];
  const facts = glance.map(
    ({ label, value, note }) =>
      `<div><dt>${plainHtml(label)}</dt><dd class="value">${plainHtml(value)}</dd><dd class="note">${plainHtml(note)}</dd></div>`,
  );
  return [`<dl class="glance">${facts.join('\n')}</dl>`];
}

const hues: readonly Hue[] = ['asks', 'follows', 'alone', 'reference'];

/** Colours and shapes, once for all pictures. */
function keyHtml(looks: Looks): string[] {
  const groups = hues.flatMap((hue) => {
    const names = [...looks].filter(([, look]) => look.hue === hue);
    if (names.length === 0) return [];
    const spans = names.map(([name, look]) => `<span>${swatch(look)}${plainHtml(name)}</span> `);
    return [`<div><dt>${hueWords[hue]}</dt><dd>${spans.join('')}</dd></div>`];
  });
  return groups.length === 0 ? [] : [`<dl class="key" aria-label="Strategies">${groups.join('\n')}</dl>`];
}
