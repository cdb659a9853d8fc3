/** `report.md`: the question, the answer in words, what weakens it, the figures, and what they rest on. */

import { weakenedMark } from './cells.ts';
import { duration } from './format.ts';
import { limitsSection, machineSection, methodSection, paritySection } from './markdown-context.ts';
import { expectationSection, hypothesisSection } from './markdown-expectations.ts';
import {
  comparisonSection,
  costSection,
  revocationSection,
  sizeSection,
  throughputSection,
} from './markdown-figures.ts';
import { measureSections } from './markdown-measures.ts';
import { mistakesSection } from './markdown-mistakes.ts';
import { sweepSections } from './markdown-sweep.ts';
import { escaped } from './markdown-table.ts';
import type { Results } from './summarise/results.ts';
import { warningLines } from './warning-words.ts';
import { answerOf, standingOf } from './words.ts';

/** The whole report. Depends on the results alone: no clock, no language of the machine. */
export function toMarkdown(results: Results): string {
  const sections = [
    `# ${escaped(results.run.scenario.question)}`,
    ...standingOf(results).map((sentence) => `> **${escaped(sentence)}**`),
    runLine(results),
    '## The answer',
    ...answerOf(results).map(escaped),
    ...hypothesisSection(results),
    ...expectationSection(results),
    ...warningSection(results),
    ...costSection(results),
    ...comparisonSection(results),
    ...throughputSection(results),
    ...revocationSection(results),
    ...sizeSection(results),
    ...measureSections(results),
    ...sweepSections(results),
    ...mistakesSection(results),
    ...paritySection(results),
    ...machineSection(results),
    ...methodSection(results),
    ...limitsSection(results),
  ];
  return `${sections.join('\n\n')}\n`;
}

function runLine({ run }: Results): string {
  const took = run.durationMillis === null ? '' : `, took ${duration(run.durationMillis)}`;
  const commit = run.commit === null ? '' : ` (commit ${escaped(run.commit)})`;
  return `Run \`${run.runId}\`, scenario \`${run.scenario.name}\`, begun ${run.startedAt}${took}, ${run.outcome}; authlab ${escaped(run.authlabVersion)}${commit}.`;
}

function warningSection({ warnings }: Results): string[] {
  if (warnings.length === 0) return [];
  const lines = warningLines(warnings).map(
    ({ kind, voids, text }) => `- ${voids ? '**void**' : 'weaker'} (\`${kind}\`): ${escaped(text)}`,
  );
  return [
    '## Warnings',
    lines.join('\n'),
    `A figure with ${weakenedMark} is weakened by one of them; *void* stands where one leaves nothing to report.`,
  ];
}
