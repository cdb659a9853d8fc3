/** A picture as inline SVG: one drawing for wide pages and paper, one for narrow screens. */

import type { Picture } from '../pictures/picture.ts';
import { broken } from './axes.ts';
import { drawCurves } from './draw-curves.ts';
import { drawDots } from './draw-dots.ts';
import { drawMap } from './draw-map.ts';
import { markupText } from './inline.ts';
import type { Looks } from './looks.ts';
import { colours, fonts } from './style.ts';
import { type Drawing, svgOf } from './svg.ts';

const widths = { wide: 760, narrow: 336 } as const;

/** Only one of them is shown, and told. */
export function drawingsOf(picture: Picture, looks: Looks): string {
  return (['wide', 'narrow'] as const)
    .map((size) =>
      svgOf(draw(picture, looks, widths[size]), {
        id: `${picture.id}-${size}`,
        className: `chart ${size}`,
        title: picture.title,
        alternative: picture.alternative,
      }),
    )
    .join('\n');
}

/** A picture in a file of its own, with its caption in it: its colours and its background follow light and dark as those of the page do. */
export function standaloneSvg(picture: Picture, looks: Looks): string {
  const { id, title, alternative, caption } = picture;
  const legend = broken(markupText(caption), widths.wide - 24).split('\n');
  const drawn = svgOf(draw(picture, looks, widths.wide), { id, className: 'chart', title, alternative, legend });
  const styled = `<style>${colours}\nsvg { background: var(--page); font-family: ${fonts}; }</style>`;
  return `${drawn.replace('</title>', `</title>${styled}`)}\n`;
}

function draw({ chart }: Picture, looks: Looks, width: number): Drawing {
  switch (chart.kind) {
    case 'map':
      return drawMap(chart, looks, width);
    case 'dots':
      return drawDots(chart, looks, width);
    case 'curves':
      return drawCurves(chart, looks, width);
  }
}
