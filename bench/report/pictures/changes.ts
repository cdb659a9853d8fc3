/** The picture of one measure in several runs: how far each later run is from the first, strategy by strategy. */

import type { FigureComparison, RunComparison } from '../compare.ts';
import { differenceText, type FigureWords, namedFigure } from '../figure-words.ts';
import { signed } from '../format.ts';
import { dotsAlternative } from './dots.ts';
import type { Dot, DotChart, Picture } from './picture.ts';

/** Null where nothing was estimated: counts need no picture. `names` are those of the later runs. */
export function changesPicture(
  measure: string,
  comparisons: readonly RunComparison[],
  names: readonly string[],
): Picture | null {
  const own = comparisons.map(({ figures }) =>
    figures.filter((figure) => !figure.isExact && namedFigure(figure.name).measure === measure),
  );
  const [first] = own.flat();
  if (first === undefined) return null;
  const { words, title } = namedFigure(first.name);
  const rows = [...new Set(own.flat().map(({ name }) => name))];
  const chart: DotChart = {
    kind: 'dots',
    rows: rows.map((name) => ({ contestant: namedFigure(name).contestant, title: namedFigure(name).row })),
    panels: own.map((figures, index) => ({
      title: `${names[index] ?? ''} less run 1`,
      scale: 'linear',
      baseline: 0,
      noise: measure === 'nodeCpuMicros' ? noiseOf(comparisons[index]) : null,
      limits: [],
      rows: rows.map((name) => {
        const figure = figures.find((one) => one.name === name);
        return figure === undefined
          ? { dots: [], absence: 'not in both' }
          : { dots: [dot(figure, words)], absence: '' };
      }),
    })),
  };
  return {
    kind: 'picture',
    id: `changes-${measure.replaceAll('.', '-').toLowerCase()}`,
    title: `How far apart: ${title}`,
    caption: `Difference and 95 % interval; ${first.better === 'lower' ? 'further left is better' : 'further right is better'}. Hollow: these runs cannot tell it from none.${measure === 'nodeCpuMicros' ? ' Inside the band it is noise.' : ''}`,
    alternative: dotsAlternative(chart),
    chart,
  };
}

function noiseOf(comparison: RunComparison | undefined): { low: number; high: number } | null {
  const reach = comparison?.noiseMicros ?? 0;
  return reach === 0 ? null : { low: -reach, high: reach };
}

function dot(figure: FigureComparison, words: FigureWords): Dot {
  return {
    estimate: figure.difference,
    low: figure.low,
    high: figure.high,
    standing: figure.verdict === 'cannot tell' ? 'cannot-tell' : 'told',
    label: signed(figure.difference, words.digits),
    told: `${differenceText(figure, words)}, ${figure.verdict}`,
  };
}
