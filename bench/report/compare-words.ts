/** The top of a comparison: what spoils it, what weakens it, and what changed, in words computed from the verdicts. */

import { referenceContestant } from '../record/run-events.ts';
import { type ComparisonVerdict, changedFigures, type FigureComparison, type RunComparison } from './compare.ts';
import { type SurroundingFact, surroundingsOf } from './compare-surroundings.ts';
import { differenceText, figureWords, namedFigure } from './figure-words.ts';
import { counted, listed } from './format.ts';
import type { GlanceFact } from './glance.ts';
import type { Results } from './summarise/results.ts';
import { type Weakness, weaknessesOf } from './warning-glance.ts';
import { standingOf } from './words.ts';

/** Counted from 1, which the others are compared with. */
export function runName(index: number): string {
  return `run ${index + 1}`;
}

/** `run 2` at the beginning of a sentence. */
export function capital(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}

/** What each run's own report says first. */
export function comparisonStanding(runs: readonly Results[]): string[] {
  return runs.flatMap((run, index) => standingOf(run).map((sentence) => `${capital(runName(index))}: ${sentence}`));
}

/** What else differs comes before what each run says of itself. */
export function comparisonWeaknesses(runs: readonly Results[], comparisons: readonly RunComparison[]): Weakness[] {
  const bearing = surroundingsOf(runs).filter(({ weakens }) => weakens !== null);
  const ofKind = (kind: SurroundingFact['kind']) => bearing.filter((fact) => fact.kind === kind);
  const texts = [
    ...ofKind('scenario').map(differenceSentence),
    ...together('Settings of the scenario differ', ofKind('setting'), 'setting'),
    ...ofKind('place').map(differenceSentence),
    ...together('Libraries are of other versions', ofKind('library'), 'package'),
    ...comparisons.flatMap(referenceSentence),
  ];
  return [...texts.map((text) => ({ voids: false, text })), ...ownWeaknesses(runs)];
}

/** What the runs say of themselves, once for all that say the same. */
function ownWeaknesses(runs: readonly Results[]): Weakness[] {
  const own = runs.map((run) => weaknessesOf(run.warnings));
  const all = new Map(own.flat().map((weakness) => [weakness.text, weakness]));
  return [...all.values()].map(({ voids, text }) => {
    const whose = own.flatMap((found, index) => (found.some((one) => one.text === text) ? [runName(index)] : []));
    return { voids, text: `In ${listed(whose)}: ${text}` };
  });
}

/** `machine: run 1 Example CPU; run 2 another. Every time depends on it.` */
function differenceSentence({ name, values, weakens }: SurroundingFact): string {
  return `Not the same ${name}: ${whoseText(values)}; ${weakens ?? ''}.`;
}

function together(words: string, found: readonly SurroundingFact[], noun: string): string[] {
  if (found.length === 0) return [];
  if (found.length > 3) {
    const first = found.slice(0, 3).map(({ name }) => name);
    return [`${words}: ${first.join(', ')} and ${counted(found.length - 3, noun)} more, in the table below.`];
  }
  return [`${words}: ${found.map(({ name, values }) => `${name} (${whoseText(values)})`).join(', ')}.`];
}

/** The reference checks nothing: where it has changed, more has than the checks. */
function referenceSentence(comparison: RunComparison, index: number): string[] {
  const own = changedFigures(comparison).filter(({ name }) => namedFigure(name).contestant === referenceContestant);
  const [first] = own;
  if (first === undefined) return [];
  const { title, words } = namedFigure(first.name);
  return [
    `${capital(runName(index + 1))} is not run 1 even where nothing is checked: of ${referenceContestant}, ${title} ${differenceText(first, words)}. What is not told against it may have changed by that alone.`,
  ];
}

/** Runs of one value together. */
function whoseText(values: readonly string[]): string {
  const texts = [...new Set(values)].map((value) => {
    const names = values.flatMap((own, index) => (own === value ? [runName(index)] : []));
    return `${listed(names)} ${value === '' ? 'unknown' : value}`;
  });
  return texts.join(', ');
}

/** A sentence for each later run, and one for the first measure in which it changed. */
export function comparisonLead(comparisons: readonly RunComparison[]): string[] {
  return comparisons.flatMap((comparison, index) => {
    const name = runName(index + 1);
    const own = changedFigures(comparison).filter(
      (figure) => namedFigure(figure.name).contestant !== referenceContestant,
    );
    return [countSentence(name, comparison), ...(own.length === 0 ? [] : [firstChange(name, own)])];
  });
}

function countSentence(name: string, { figures }: RunComparison): string {
  const count = (verdict: ComparisonVerdict) => figures.filter((figure) => figure.verdict === verdict).length;
  const [worse, better, same] = [count('worse'), count('better'), count('the same')];
  const rest = figures.length - worse - better - same;
  if (figures.length === 0) return `${capital(name)} has no figure in common with run 1 that could be compared.`;
  const also = same === 0 ? '' : `${counted(same, 'counted figure')} ${same === 1 ? 'is' : 'are'} the same, and `;
  const untold = `${also}of ${counted(rest, 'figure')} these runs cannot tell`;
  if (worse + better === 0) return `Between run 1 and ${name} no difference can be told: ${untold}.`;
  return `${capital(name)} is worse than run 1 in ${worse === 0 ? 'no figure' : counted(worse, 'figure')} and better in ${better === 0 ? 'none' : better}; ${untold}.`;
}

/** In the order of `figureWords`, the headline first; no more than three strategies. */
function firstChange(name: string, changed: readonly FigureComparison[]): string {
  const order = Object.keys(figureWords);
  const placeOf = (figure: FigureComparison) => order.indexOf(namedFigure(figure.name).measure.split('.')[0] ?? '');
  const first = changed.reduce((best, one) => (placeOf(one) < placeOf(best) ? one : best));
  const { measure, title } = namedFigure(first.name);
  const own = changed.filter((figure) => namedFigure(figure.name).measure === measure);
  const shown = own
    .toSorted((left, right) => Math.abs(right.difference) - Math.abs(left.difference))
    .slice(0, 3)
    .map((figure) => {
      const { row, words } = namedFigure(figure.name);
      return `${row} ${differenceText(figure, words)} (${figure.verdict})`;
    });
  const more = own.length > shown.length ? `, and ${own.length - shown.length} more` : '';
  return `First of all, ${title}, ${name} less run 1: ${shown.join(', ')}${more}.`;
}

export function comparisonGlance(comparisons: readonly RunComparison[]): GlanceFact[] {
  const verdicts = [
    ['Worse', 'worse'],
    ['Better', 'better'],
    ['Cannot tell', 'cannot tell'],
  ] as const;
  return [
    ...verdicts.map(([label, verdict]) => ({
      label,
      value: perRun(comparisons, ({ figures }) => figures.filter((figure) => figure.verdict === verdict).length),
      note: noteOf(comparisons, verdict),
    })),
    {
      label: 'Not in both',
      value: perRun(comparisons, ({ missing, added }) => missing.length + added.length),
      note: 'figures that only one of the two runs has: nothing can be said of them',
    },
  ];
}

function perRun(comparisons: readonly RunComparison[], countOf: (comparison: RunComparison) => number): string {
  const [only] = comparisons;
  if (only !== undefined && comparisons.length === 1) return counted(countOf(only), 'figure');
  return comparisons.map((one, index) => `${runName(index + 1)}: ${countOf(one)}`).join(', ');
}

function noteOf(comparisons: readonly RunComparison[], verdict: ComparisonVerdict): string {
  if (verdict === 'cannot tell') return 'their intervals say how large a change may still be';
  const names = comparisons.flatMap(({ figures }) =>
    figures.filter((figure) => figure.verdict === verdict).map((figure) => namedFigure(figure.name).contestant),
  );
  const whose = [...new Set(names)];
  if (whose.length === 0) return 'nothing';
  return `of ${whose.length > 3 ? `${whose.length} strategies` : listed(whose)}`;
}
