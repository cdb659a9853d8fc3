/** ECharts without a browser: an option becomes SVG text, the same whenever it is drawn, with colours that follow the page. */

import { CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, MarkAreaComponent, MarkLineComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';
import type { EChartsOption } from 'echarts/types/dist/shared';
import { plainHtml } from './inline.ts';

use([
  ScatterChart,
  LineChart,
  CustomChart,
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
  LabelLayout,
  SVGRenderer,
]);

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly option: EChartsOption;
}

export interface SvgText {
  /** Unique on the page. */
  readonly id: string;
  readonly className: string;
  readonly title: string;
  /** The figures, for those who cannot see them. */
  readonly alternative: string;
  /** Lines below the drawing, where nothing else on the page says how to read it. */
  readonly legend?: readonly string[];
}

const legendLine = 17;

/** Where nothing is to be told, lines run across: a fill of this name. */
export const hatched = 'url(#hatch)';

/** A figure of the page for people with and without eyes; without scripts, classes or ids of the library. */
export function svgOf(
  { width, height, option }: Drawing,
  { id, className, title, alternative, legend = [] }: SvgText,
): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  let drawn: string;
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily: 'inherit', fontSize: 12 }, ...option });
    drawn = cleaned(chart.renderToSVGString(), id);
  } finally {
    // Its timer would keep the process alive for ever.
    chart.dispose();
  }
  const head = `<svg class="${className}" viewBox="0 0 ${width} ${height + legendLine * legend.length}" role="img" aria-labelledby="${id}-title ${id}-text" xmlns="http://www.w3.org/2000/svg">`;
  const words = `<title id="${id}-title">${plainHtml(title)}</title><desc id="${id}-text">${plainHtml(alternative)}</desc>`;
  const lines = legend.map(
    (line, index) =>
      `<text x="12" y="${height + legendLine * (index + 1) - 6}" font-size="12" fill="var(--muted)">${plainHtml(line)}</text>`,
  );
  return `${head}${words}${drawn.includes(`url(#${id}-hatch)`) ? hatch(id) : ''}${drawn}${lines.join('\n')}</svg>`;
}

function hatch(id: string): string {
  return `<defs><pattern id="${id}-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V7" stroke="var(--line)" stroke-width="4"/></pattern></defs>`;
}

/** The library numbers its drawings through; ids must not depend on what was drawn before. */
function cleaned(svg: string, id: string): string {
  return svg
    .replace(/^<svg[^>]*>\s*(<rect[^>]*fill="none"[^>]*><\/rect>)?/, '')
    .replace(/<\/svg>\s*$/, '')
    .replaceAll(/<style\s*>[\s\S]*?<\/style>/g, '')
    .replaceAll(/ (class|ecmeta_\w+|pointer-events|xml:space)="[^"]*"/g, '')
    .replaceAll(/\bzr\d+-/g, `${id}-`)
    .replaceAll('url(#hatch)', `url(#${id}-hatch)`)
    .replaceAll(/(?<=[ (,"MLHVACZmlhvc-])(\d+\.\d{3,})/g, (number) => String(Number(Number(number).toFixed(2))))
    .replaceAll(/\n+/g, '\n');
}
