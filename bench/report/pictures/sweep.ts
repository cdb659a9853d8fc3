/** The pictures of a sweep: each figure over the levels of the factor, with the places where two strategies change their order. */

import { fixed } from '../format.ts';
import type { SweepFactor, SweepFigureResults, SweepResults } from '../summarise/sweep.ts';
import { factorWords, figureWords, placeText } from '../sweep-words.ts';
import type { Curve, CurvePoint, Picture } from './picture.ts';

/** Factors whose levels lie decades apart. */
const decades: readonly SweepFactor[] = ['credentials', 'sessions'];

export function sweepPicture({ factor, levels }: SweepResults, result: SweepFigureResults): Picture {
  const { title, unit, better } = figureWords[result.figure];
  const curves = result.contestants.map(({ contestant, readings }): Curve => {
    const points = readings.flatMap((reading, index): CurvePoint[] => {
      const level = levels[index];
      return reading === null || level === undefined ? [] : [{ x: level.at, ...reading }];
    });
    return { contestant, name: contestant, form: 'lines', isDashed: false, points };
  });
  const { title: factorTitle, unit: factorUnit } = factorWords[factor];
  return {
    kind: 'picture',
    id: `sweep-${result.figure.toLowerCase()}`,
    title: `${title}, by ${factorTitle}`,
    caption:
      better === null
        ? 'Estimates with their 95 % intervals where there are any; none is better than another.'
        : `${better === 'lower' ? 'Lower' : 'Higher'} is better. Estimates with their 95 % intervals where there are any; a dashed line stands where two strategies certainly change their order.`,
    alternative: `${curves.map((curve) => curveText(factor, curve)).join('; ')}.`,
    chart: {
      kind: 'curves',
      panels: [
        {
          title: '',
          x: {
            title: `${factorTitle}${factorUnit === '' ? '' : `, ${factorUnit}`}`,
            scale: decades.includes(factor) ? 'log' : 'linear',
            unit: 'number',
          },
          y: { title: unit === '' ? 'ratio' : unit, scale: 'linear', unit: 'number', min: 0 },
          curves,
          marks: result.crossovers.map(({ at, left, right }) => ({
            at,
            name: `${left} / ${right}: ${placeText(factor, Number(at.toPrecision(2)))}`,
          })),
        },
      ],
    },
  };
}

function curveText(factor: SweepFactor, { name, points }: Curve): string {
  const readings = points.map(({ x, estimate, low, high }) => {
    const ends = low === null || high === null ? '' : ` [${number(low)}, ${number(high)}]`;
    return `${number(estimate)}${ends} at ${placeText(factor, x)}`;
  });
  return `${name}: ${readings.length === 0 ? 'nothing measured' : readings.join(', ')}`;
}

function number(value: number): string {
  return fixed(value, Math.abs(value) < 10 ? 2 : 0);
}
