/** `report.html`: one file that needs no network and no script. */

import type { Block } from '../document.ts';
import { documentOf, type ReportDocument } from '../report-document.ts';
import type { Results } from '../summarise/results.ts';
import { blocksHtml } from './blocks.ts';
import { markupHtml, markupText, plainHtml, slug } from './inline.ts';
import { type Hue, hueWords, type Looks, looksOf, swatch } from './looks.ts';
import { style } from './style.ts';

/** Depends on the results alone: the same results give the same bytes. */
export function toHtml(results: Results): string {
  const report = documentOf(results);
  const looks = looksOf(results);
  const sections = sectionsOf(report.blocks);
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
<meta name="generator" content="authlab ${plainHtml(results.run.authlabVersion)}">
<title>${plainHtml(markupText(report.question))} – authlab</title>
<style>${style}</style>
</head>
<body>
<div class="frame">
<nav class="rail" aria-label="Contents">${contents}</nav>
<div>
${headerHtml(report, results, looks)}
<nav class="contents" aria-label="Contents"><details><summary>Contents</summary>${contents}</details></nav>
<main>
${sections.map((blocks) => `<section>\n${blocksHtml(blocks, looks)}\n</section>`).join('\n')}
</main>
<footer>${markupHtml(report.about)} Everything here is computed from the run’s <code>events.ndjson</code>; <code>authlab report</code> rebuilds it byte for byte.</footer>
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

function headerHtml(report: ReportDocument, { run, machine }: Results, looks: Looks): string {
  const { question, standing, weaknesses, lead, glance } = report;
  const when = `${run.startedAt.slice(0, 10)} ${run.startedAt.slice(11, 16)} UTC`;
  const parts = [
    `<p class="kicker">authlab · <b>${plainHtml(run.scenario.name)}</b> · ${when} · ${plainHtml(machine.cpuModel)} · ${run.outcome}</p>`,
    `<h1>${markupHtml(question)}</h1>`,
    ...standing.map((sentence) => `<p class="standing">${markupHtml(sentence)}</p>`),
    ...weaknessesHtml(weaknesses),
    ...lead.map((sentence) => `<p class="lead">${markupHtml(sentence)}</p>`),
    ...glanceHtml(glance),
    ...keyHtml(looks),
  ];
  return `<header>\n${parts.join('\n')}\n</header>`;
}

function weaknessesHtml(weaknesses: ReportDocument['weaknesses']): string[] {
  if (weaknesses.length === 0) return [];
  const items = weaknesses.map(({ voids, text }) => `<li${voids ? ' class="void"' : ''}>${plainHtml(text)}</li>`);
  return [
    `<div class="weaknesses"><h2>Before you rely on it</h2><ul>${items.join('')}</ul><a href="#warnings">The warnings in full</a></div>`,
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
