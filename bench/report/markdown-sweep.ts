/** The report's sections on a sweep: a table for each figure, levels side by side, and the rule that judges growth. */

import { referenceContestant } from '../record/run-events.ts';
import { type Block, list, section, table } from './document.ts';
import { ends, fixed } from './format.ts';
import { paritySection } from './markdown-context.ts';
import { linkSection } from './markdown-link.ts';
import { sizeLimitParts } from './markdown-size-limits.ts';
import { sweepPicture } from './pictures/sweep.ts';
import { measuredValue } from './summarise/figure.ts';
import type { Results } from './summarise/results.ts';
import type { SweepFigureResults, SweepLevel, SweepResults } from './summarise/sweep.ts';
import { type Reading, type SweepFigureName, sweepFigures } from './summarise/sweep-figures.ts';
import { crossoverSentences, factorWords, figureWords, growthCell, placeText } from './sweep-words.ts';

/** Empty without a sweep. */
export function sweepSections(results: Results): Block[] {
  const { sweep } = results;
  if (sweep === null) return [];
  const links = sweep.levels.flatMap(({ link }) => link ?? []);
  return [
    ...linkSection(links, sweep.factor === 'added-rtt-millis'),
    ...sweep.figures.flatMap((figure) => figureSection(sweep, figure)),
    ...limitSection(sweep),
    ...noiseSection(sweep),
    ...growthRule(sweep),
    ...parityOfFirst(results, sweep),
  ];
}

/** Contestants are the same at every level, but for the factor. */
function parityOfFirst(results: Results, { levels: [first] }: SweepResults): Block[] {
  return first === undefined
    ? []
    : paritySection({ ...results, contestants: first.contestants, measures: first.measures });
}

function figureSection(sweep: SweepResults, result: SweepFigureResults): Block[] {
  const { factor, levels } = sweep;
  const { title, unit, digits, about } = figureWords[result.figure];
  const rows = result.contestants.map((one) => [
    one.contestant,
    ...one.readings.map((reading, index) => readingAt(levels[index], one.contestant, reading, digits)),
    growthCell(result.figure, one),
  ]);
  return [
    section(`${title}${unit === '' ? '' : `, ${unit}`}`),
    `${about === undefined ? '' : `${about} `}By ${factorWords[factor].title}; estimates with their 95 % intervals where there are any.`,
    sweepPicture(sweep, result),
    table(['strategy', ...levels.map(({ at }) => placeText(factor, at)), 'growth'], rows),
    ...crossoverSection(factor, result),
  ];
}

function crossoverSection(factor: SweepResults['factor'], result: SweepFigureResults): Block[] {
  if (figureWords[result.figure].better === null) return [];
  if (result.contestants.every(({ growth }) => growth === null)) return [];
  const sentences = crossoverSentences(factor, result);
  if (sentences.length > 0) return [list(sentences)];
  return ['No two strategies certainly change their order within this range.'];
}

/** Where there is none because nobody could log in, that is the finding. */
function readingAt(level: SweepLevel | undefined, name: string, reading: Reading | null, digits: number): string {
  const isRefused = level?.refusedLogins.some(({ contestant }) => contestant === name) ?? false;
  return reading === null && isRefused ? 'login refused' : readingText(reading, digits);
}

function readingText(reading: Reading | null, digits: number): string {
  if (reading === null) return 'none';
  const { estimate, low, high } = reading;
  // What was counted is its own interval.
  return low === null || high === null || low === high
    ? fixed(estimate, digits)
    : `${fixed(estimate, digits)} ${ends({ low, high }, digits)}`;
}

/** Of all levels together. Empty where nothing was sized. */
function limitSection({ levels }: SweepResults): Block[] {
  const sized = levels.flatMap(({ measures }) => measures.sizeLimits ?? []);
  const [first] = sized;
  if (first === undefined) return [];
  const limits = first.limits.map((limit, index) => ({
    ...limit,
    outgrownBy: sized.flatMap(({ limits: own }) => own[index]?.outgrownBy ?? []),
  }));
  const refusedLogins = levels.flatMap((level) => level.refusedLogins);
  return [section('Limits'), ...sizeLimitParts({ limits, refusedLogins })];
}

function noiseSection({ factor, levels }: SweepResults): Block[] {
  const measured = levels.filter(({ noiseFloor }) => noiseFloor.nodeCpuMicros ?? noiseFloor.throughputRatio);
  if (measured.length === 0) return [];
  const turns = factor === 'connections' ? measured.map(turnsOfNone) : [];
  const hasTurns = turns.some((reading) => reading !== null);
  const rows = measured.map(({ at, noiseFloor: { nodeCpuMicros, throughputRatio } }, index) => [
    placeText(factor, at),
    readingText(nodeCpuMicros, 1),
    readingText(throughputRatio, 3),
    ...(hasTurns ? [readingText(turns[index] ?? null, 2)] : []),
  ]);
  return [
    section('The noise floor of each level'),
    '`none` against `none`: no difference that is smaller is called one.',
    table(['level', 'node CPU, µs', 'throughput ratio', ...(hasTurns ? ['requests a turn'] : [])], rows),
  ];
}

/** How many requests `none` met in one turn of its event loop. */
function turnsOfNone({ contestants }: SweepLevel): Reading | null {
  const none = contestants.find(({ contestant }) => contestant === referenceContestant);
  return (none && measuredValue(none.cost)?.requestsPerTurn?.contestant) ?? null;
}

function growthRule({ figures }: SweepResults): Block[] {
  const judged = figures.filter(({ contestants }) => contestants.some(({ growth }) => growth !== null));
  if (judged.length === 0) return [];
  return [
    section('How growth is judged'),
    `*Flat*: the difference of every level from the first, with its interval, lies within the tolerance (${judged.map(({ figure }) => toleranceText(figure)).join('; ')}). Else some level must differ from the first by more than chance gives in one sweep of twenty (Bonferroni over the levels), or it is *cannot tell*. If the last does not: *uneven*. If the last lies below the first: *falls*. If it lies above, the bend of a weighted parabola decides between *linear* (its interval includes none), *slower* and *faster than linear*. In brackets: last level less the first. An order of two strategies changes only where both sides of the change are certain.`,
  ];
}

function toleranceText(figure: SweepFigureName): string {
  const { title, unit } = figureWords[figure];
  const { absolute, share } = sweepFigures[figure].tolerance;
  const ofFirst = share === 0 ? '' : ` or ${fixed(100 * share, 0)} % of the first level`;
  return `${title}: ${absolute}${unit === '' ? '' : ` ${unit}`}${ofFirst}`;
}
