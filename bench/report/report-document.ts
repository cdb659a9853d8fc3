/** The report's content, whatever its format: the question, the answer in words, what weakens it, the figures, and what they rest on. */

import { weakenedMark } from './cells.ts';
import { type Block, escaped, list, type Markup, section } from './document.ts';
import { type GlanceFact, glanceOf } from './glance.ts';
import { leadOf } from './lead-words.ts';
import { limitsSection, machineSection, methodSection, paritySection } from './markdown-context.ts';
import { expectationSection, hypothesisSection } from './markdown-expectations.ts';
import {
  comparisonSection,
  costSection,
  revocationSection,
  sizeSection,
  throughputSection,
} from './markdown-figures.ts';
import { folkloreSection } from './markdown-folklore.ts';
import { measureSections } from './markdown-measures.ts';
import { mistakesSection } from './markdown-mistakes.ts';
import { sweepSections } from './markdown-sweep.ts';
import { tradeOffSection } from './markdown-trade-off.ts';
import { settingText, tookText } from './setting-words.ts';
import type { Results } from './summarise/results.ts';
import { type Weakness, weaknessesOf } from './warning-glance.ts';
import { warningLines } from './warning-words.ts';
import { answerOf, standingOf } from './words.ts';

export interface ReportDocument {
  readonly question: Markup;
  /** What must be read before anything else; empty when the run completed and is valid. */
  readonly standing: readonly Markup[];
  /** Which run this is. */
  readonly about: Markup;
  /** The answer in two sentences. */
  readonly lead: readonly Markup[];
  /** What weakens it, most serious first. */
  readonly weaknesses: readonly Weakness[];
  readonly glance: readonly GlanceFact[];
  readonly blocks: readonly Block[];
}

/** Depends on the results alone: no clock, no language of the machine. */
export function documentOf(results: Results): ReportDocument {
  return {
    question: escaped(results.run.scenario.question),
    standing: standingOf(results).map(escaped),
    about: aboutRun(results),
    lead: leadOf(results).map(escaped),
    weaknesses: weaknessesOf(results.warnings),
    glance: glanceOf(results),
    blocks: [
      ...tradeOffSection(results),
      ...answerSection(results),
      ...folkloreSection(results),
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
    ],
  };
}

/** Empty where the lead has said all of it. */
function answerSection(results: Results): Block[] {
  const answer = answerOf(results);
  const isSaid = answer.join('\n') === leadOf(results).join('\n');
  return isSaid ? [] : [section('The answer in full'), ...answer.map(escaped)];
}

function aboutRun(results: Results): Markup {
  const { run } = results;
  const took = tookText(results) === '' ? '' : `, took ${tookText(results)}`;
  const commit = run.commit === null ? '' : ` (commit ${escaped(run.commit)})`;
  return `Run \`${run.runId}\`, scenario \`${run.scenario.name}\`, begun ${run.startedAt}${took}, ${run.outcome}; ${settingText(results)}; authlab ${escaped(run.authlabVersion)}${commit}.`;
}

function warningSection({ warnings }: Results): Block[] {
  if (warnings.length === 0) return [];
  const lines = warningLines(warnings).map(
    ({ kind, voids, text }) => `${voids ? '**void**' : 'weaker'} (\`${kind}\`): ${escaped(text)}`,
  );
  return [
    section('Warnings'),
    list(lines),
    `A figure with ${weakenedMark} is weakened by one of them; *void* stands where one leaves nothing to report.`,
  ];
}
