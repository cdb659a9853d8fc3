/** Every figure that runs have in common: a matrix of verdicts, and a table for each measure with its picture. */

import type { FigureComparison, RunComparison } from './compare.ts';
import { capital, runName } from './compare-words.ts';
import { type Block, escaped, type MatrixCell, section, subsection, table } from './document.ts';
import { differenceText, figureGroups, figureText, figureWords, namedFigure } from './figure-words.ts';
import { changesPicture } from './pictures/changes.ts';

export type NamedMeasure = ReturnType<typeof namedFigure>;

/** In the order of `figureWords`. */
export function measuresOf(figures: readonly FigureComparison[]): readonly NamedMeasure[] {
  const order = Object.keys(figureWords);
  const found = new Map(figures.map(({ name }) => [namedFigure(name).measure, namedFigure(name)]));
  const placeOf = ({ measure }: NamedMeasure) => order.indexOf(measure.split('.')[0] ?? '');
  return [...found.values()].toSorted((left, right) => placeOf(left) - placeOf(right));
}

/** Strategies against measures, and what became of each. */
export function glanceMatrix(comparisons: readonly RunComparison[], measures: readonly NamedMeasure[]): Block {
  const names = [...new Set(comparisons.flatMap(({ figures }) => figures.map(({ name }) => namedFigure(name).row)))];
  const rows = names.flatMap((row) =>
    comparisons.map((comparison, index) => ({
      title: comparisons.length === 1 ? row : `${row}, ${runName(index + 1)}`,
      note: '',
      cells: measures.map(({ measure }) => glanceCell(comparison, row, measure)),
    })),
  );
  const bare = rows.filter(({ cells }) => cells.some(({ state }) => state !== 'none'));
  return { kind: 'matrix', corner: 'strategy', about: '', columns: measures.map(({ title }) => title), rows: bare };
}

const states = { better: 'held', worse: 'failed', 'the same': 'none', 'cannot tell': 'unknown' } as const;

function glanceCell({ figures }: RunComparison, row: string, measure: string): MatrixCell {
  const figure = figures.find(({ name }) => {
    const named = namedFigure(name);
    return named.row === row && named.measure === measure;
  });
  if (figure === undefined) return { state: 'none', text: '–' };
  const { words } = namedFigure(figure.name);
  const by = figure.verdict === 'cannot tell' ? '' : ` by ${figureText(Math.abs(figure.difference), words)}`;
  return { state: states[figure.verdict], text: `${figure.verdict}${by}` };
}

/** Every judged figure, a table for each measure. */
export function figureSections(comparisons: readonly RunComparison[]): Block[] {
  const measures = measuresOf(comparisons.flatMap(({ figures }) => figures));
  const later = comparisons.map((_, index) => runName(index + 1));
  return figureGroups.flatMap((group) => {
    const own = measures.filter(({ words }) => words.group === group);
    if (own.length === 0) return [];
    return [section(group), ...own.flatMap((measure) => measureBlocks(measure, comparisons, later))];
  });
}

function measureBlocks(
  { measure, title, words }: NamedMeasure,
  comparisons: readonly RunComparison[],
  later: readonly string[],
): Block[] {
  const own = comparisons.map(({ figures }) => figures.filter(({ name }) => namedFigure(name).measure === measure));
  const names = [...new Set(own.flat().map(({ name }) => name))];
  const rows = names.map((name) => {
    const found = own.map((figures) => figures.find((figure) => figure.name === name));
    const verdicts = found.flatMap((figure) =>
      figure === undefined ? ['–', '–'] : [figure.verdict, differenceText(figure, words)],
    );
    const values = [found.find((figure) => figure !== undefined)?.before, ...found.map((figure) => figure?.after)];
    const texts = values.map((value) => (value === undefined ? '–' : figureText(value, words)));
    return [namedFigure(name).row, ...verdicts, ...texts];
  });
  const headings = later.flatMap((name) => [`${name} is`, `${name} less run 1 [95 %]`]);
  const picture = words.isDrawn ? changesPicture(measure, comparisons, later) : null;
  return [
    subsection(escaped(capital(title))),
    table(['strategy', ...headings, runName(0), ...later], rows),
    ...(picture === null ? [] : [picture]),
  ];
}
