/** A comparison of runs as a page: what weakens it, what changed, and every figure side by side with its verdict. */

import { changedFigures, compareRuns, type RunComparison } from './compare.ts';
import { figureSections, glanceMatrix, measuresOf } from './compare-figures.ts';
import { surroundingsOf } from './compare-surroundings.ts';
import {
  comparisonGlance,
  comparisonLead,
  comparisonStanding,
  comparisonWeaknesses,
  runName,
} from './compare-words.ts';
import { type Block, escaped, list, section, table } from './document.ts';
import { differenceText, figureText, namedFigure } from './figure-words.ts';
import { duration } from './format.ts';
import type { ReportDocument } from './report-document.ts';
import type { Results } from './summarise/results.ts';
import { weaknessesOf } from './warning-glance.ts';

export const surroundingsTitle = 'What else differs';

/** Of two runs or more; the others are compared with the first. Depends on the results alone. */
export function comparisonDocumentOf(runs: readonly Results[]): ReportDocument {
  const [before, ...others] = runs;
  if (before === undefined) throw new RangeError('There is no run to compare with.');
  const comparisons = compareRuns(before, others);
  return {
    question: `What changed between ${runs.length === 2 ? 'two runs' : `these ${runs.length} runs`}?`,
    standing: comparisonStanding(runs).map(escaped),
    about: `Runs ${runs.map(({ run }) => `\`${run.runId}\``).join(', ')}; the first is the one that the others are compared with.`,
    lead: comparisonLead(comparisons).map(escaped),
    weaknesses: comparisonWeaknesses(runs, comparisons),
    glance: comparisonGlance(comparisons),
    blocks: [
      ...runsSection(runs),
      ...surroundingsSection(runs),
      ...changesSection(comparisons),
      ...figureSections(comparisons),
      ...missingSection(comparisons),
      ...methodSection(comparisons),
      ...limitsSection(),
    ],
  };
}

function runsSection(runs: readonly Results[]): Block[] {
  const rows = runs.map(({ run, validity, warnings, machine }, index) => [
    runName(index),
    run.runId,
    run.scenario.name,
    begunText(run),
    `${run.outcome}, ${validity.state}`,
    `${run.authlabVersion} ${run.commit ?? ''}`.trim(),
    machine.loadAverage.toFixed(2),
    String(weaknessesOf(warnings).length),
  ]);
  return [
    section('The runs'),
    table(
      [
        'here',
        'run',
        'scenario',
        'begun',
        'ended',
        'authlab',
        'load average at the start',
        'warnings that bear on figures',
      ],
      rows,
      'texts',
    ),
  ];
}

function begunText({ startedAt, durationMillis }: Results['run']): string {
  const begun = `${startedAt.slice(0, 10)} ${startedAt.slice(11, 16)} UTC`;
  return durationMillis === null ? begun : `${begun}, took ${duration(durationMillis)}`;
}

function surroundingsSection(runs: readonly Results[]): Block[] {
  const facts = surroundingsOf(runs);
  const alike = 'scenario, settings, machine, pinning, kernel, Node, Redis and libraries are the same';
  if (facts.length === 0) {
    return [section(surroundingsTitle), `Nothing that is recorded: ${alike}, and so are authlab itself and the seed.`];
  }
  const rows = facts.map(({ name, values, weakens }) => [
    name,
    ...values.map((value) => value || 'unknown'),
    weakens ?? 'no',
  ]);
  const names = runs.map((_, index) => runName(index));
  return [
    section(surroundingsTitle),
    facts.some(({ weakens }) => weakens !== null)
      ? 'A change of a figure may come from any of these as well. Where one weakens the comparison, the last column says why.'
      : `Nothing that weakens the comparison: ${alike}.`,
    table(['what', ...names, 'weakens the comparison'], rows, 'texts'),
  ];
}

/** At a glance, strategies against measures; then every figure that changed. */
function changesSection(comparisons: readonly RunComparison[]): Block[] {
  const figures = comparisons.flatMap((one) => one.figures);
  if (figures.length === 0) return [];
  const drawn = measuresOf(figures).filter(({ words }) => words.isDrawn);
  const changed = comparisons.flatMap((comparison, index) =>
    changedFigures(comparison).map((figure) => {
      const { row, words, title } = namedFigure(figure.name);
      const values = [figureText(figure.before, words), figureText(figure.after, words)];
      const later = comparisons.length === 1 ? [] : [runName(index + 1)];
      return [row, figure.verdict, title, ...later, differenceText(figure, words), ...values];
    }),
  );
  const later = comparisons.length === 1 ? [] : ['in'];
  const ends = comparisons.length === 1 ? ['run 1', 'run 2'] : ['run 1', 'that run'];
  return [
    section('What changed'),
    ...(drawn.length === 0 ? [] : [glanceMatrix(comparisons, drawn)]),
    changed.length === 0
      ? 'No figure of which these runs could tell.'
      : 'Every figure whose change can be told from chance and from noise:',
    ...(changed.length === 0
      ? []
      : [table(['strategy', 'became', 'figure', ...later, 'by [95 %]', ...ends], changed, 'texts')]),
  ];
}

function missingSection(comparisons: readonly RunComparison[]): Block[] {
  const lines = comparisons.flatMap(({ missing, added }, index) => [
    ...(missing.length === 0 ? [] : [`In run 1 and not in ${runName(index + 1)}: ${codes(missing)}`]),
    ...(added.length === 0 ? [] : [`In ${runName(index + 1)} and not in run 1: ${codes(added)}`]),
  ]);
  return lines.length === 0 ? [] : [section('Not in both'), list(lines)];
}

/** Whose, and how many: a strategy more has dozens of figures. */
function codes(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) {
    const { row } = namedFigure(name);
    counts.set(row, (counts.get(row) ?? 0) + 1);
  }
  return `${[...counts].map(([row, count]) => `\`${row}\` (${count})`).join(', ')}.`;
}

function methodSection(comparisons: readonly RunComparison[]): Block[] {
  const judged = comparisons.reduce((sum, { figures }) => sum + figures.length, 0);
  return [
    section('The method'),
    list([
      `Every figure that has a 95 % interval in both runs, or was counted, is compared: ${judged} here. The interval of a difference takes the two runs as independent.`,
      'Verdicts are corrected over all of them at once (Holm, 0.05), so that an interval may exclude no difference and the verdict still be *cannot tell*. What is told against `none` must also differ by more than `none` does from itself in either run; that difference is the noise, and is not compared.',
      'What was counted (bytes, broken promises) has no chance in it that is known: where it differs, it differs.',
    ]),
  ];
}

function limitsSection(): Block[] {
  return [
    section('What this does not show'),
    list([
      'Why. A figure changed; what changed it is not in it. Runs on one machine, one after the other and then the other way round, leave fewer reasons.',
      'That nothing changed. *Cannot tell* is not *the same*: the interval says how large a change may still be.',
      'Percentiles beyond the median, and the longest. They have no interval here and are not judged; the reports of the runs have them.',
    ]),
  ];
}
