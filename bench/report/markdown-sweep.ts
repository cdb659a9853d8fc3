/** The report's sections on a sweep: a table for each figure, levels side by side, and the rule that judges growth. */

import { type Block, list, section, table } from './document.ts';
import { ends, fixed } from './format.ts';
import { paritySection } from './markdown-context.ts';
import { sweepPicture } from './pictures/sweep.ts';
import type { Results } from './summarise/results.ts';
import type { SweepFigureResults, SweepLevel, SweepResults } from './summarise/sweep.ts';
import { type Reading, type SweepFigureName, sweepFigures } from './summarise/sweep-figures.ts';
import { crossoverSentences, factorWords, figureWords, growthCell, placeText } from './sweep-words.ts';

/** Empty without a sweep. */
export function sweepSections(results: Results): Block[] {
  const { sweep } = results;
  if (sweep === null) return [];
  return [
    ...linkSection(sweep),
    ...sweep.figures.flatMap((figure) => figureSection(sweep, figure)),
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

function linkSection({ levels }: SweepResults): Block[] {
  const rows = levels.flatMap(({ link }) => {
    if (link === null) return [];
    const { addedMillisAsked, addedMicros, directMicros, linkMicros } = link;
    return [
      [
        fixed(addedMillisAsked, 2),
        millisText(addedMicros.p50),
        addedMicros.p99 === null ? 'too few' : millisText(addedMicros.p99),
        millisText(directMicros.p50),
        millisText(linkMicros.p50),
        fixed(addedMicros.count, 0),
      ],
    ];
  });
  if (rows.length === 0) return [];
  return [
    section('The round-trip time'),
    'A link between node and Redis, a process of its own, holds back what passes. What it adds is measured, in pairs of one round trip over it and one past it; the figures below are drawn over the median. Its own work is part of what it adds, so compare the levels with one another and not with a run without it.',
    table(['asked, ms', 'added p50, ms', 'added p99, ms', 'past the link p50, ms', 'over it p50, ms', 'pairs'], rows),
  ];
}

function millisText(micros: number): string {
  return fixed(micros / 1_000, 3);
}

function figureSection(sweep: SweepResults, result: SweepFigureResults): Block[] {
  const { factor, levels } = sweep;
  const { title, unit, digits } = figureWords[result.figure];
  const rows = result.contestants.map((one) => [
    one.contestant,
    ...one.readings.map((reading) => readingText(reading, digits)),
    growthCell(result.figure, one),
  ]);
  return [
    section(`${title}${unit === '' ? '' : `, ${unit}`}`),
    `By ${factorWords[factor].title}; estimates with their 95 % intervals where there are any.`,
    sweepPicture(sweep, result),
    table(['strategy', ...levels.map(({ at }) => placeText(factor, at)), 'growth'], rows),
    ...crossoverSection(factor, result),
  ];
}

function crossoverSection(factor: SweepResults['factor'], result: SweepFigureResults): Block[] {
  if (result.contestants.every(({ growth }) => growth === null)) return [];
  const sentences = crossoverSentences(factor, result);
  if (sentences.length > 0) return [list(sentences)];
  return ['No two strategies certainly change their order within this range.'];
}

function readingText(reading: Reading | null, digits: number): string {
  if (reading === null) return 'none';
  const { estimate, low, high } = reading;
  return low === null || high === null
    ? fixed(estimate, digits)
    : `${fixed(estimate, digits)} ${ends({ low, high }, digits)}`;
}

function noiseSection({ factor, levels }: SweepResults): Block[] {
  const rows = levels.flatMap((level) => noiseRow(placeText(factor, level.at), level));
  if (rows.length === 0) return [];
  return [
    section('The noise floor of each level'),
    '`none` against `none`: no difference that is smaller is called one.',
    table(['level', 'node CPU, µs', 'throughput ratio'], rows),
  ];
}

function noiseRow(place: string, { noiseFloor: { nodeCpuMicros, throughputRatio } }: SweepLevel): string[][] {
  if (nodeCpuMicros === null && throughputRatio === null) return [];
  return [[place, readingText(nodeCpuMicros, 1), readingText(throughputRatio, 3)]];
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
