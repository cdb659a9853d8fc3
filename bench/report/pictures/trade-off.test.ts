/** The map of cost and exposure says itself how it is to be read, in each of the places where it stands. */

import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../record/reader.ts';
import type { RunEvent } from '../../record/run-events.ts';
import { exampleRun } from '../example-run.ts';
import { toHtml } from '../html/page.ts';
import { toMarkdown } from '../markdown.ts';
import { summarise } from '../summarise.ts';
import { toSvg } from '../svg.ts';
import { tradeOffPicture } from './trade-off.ts';

const resultsOf = (events: readonly RunEvent[]) =>
  summarise(parseRecord(events.map((event) => JSON.stringify(event)).join('\n'), 'events.ndjson'));

/** The texts of a drawing, as they are read: one after the other. */
const textsOf = (svg: string) =>
  [...svg.matchAll(/<text[^>]*>([\s\S]*?)<\/text>/g)]
    .map(([, text = '']) => text.replaceAll(/<[^>]*>/g, ' '))
    .join(' ');

const results = resultsOf(exampleRun());
const legend = [
  'left and right mean nothing inside',
  'Dashed line: the frontier',
  'dotted line: to the published bound',
  'hollow: this run cannot tell',
];

describe('the map of cost and exposure', () => {
  it('explains its columns, lines and dots in its caption, and in itself where it stands alone', () => {
    const caption = toHtml(results).match(/<figure id="picture-trade-off"><figcaption>.*?<\/figcaption>/)?.[0];
    for (const words of legend) {
      expect(caption).toContain(words);
      expect(textsOf(toSvg(results))).toContain(words);
    }
  });

  it('explains nothing that is not drawn', () => {
    const { tradeOff } = resultsOf(exampleRun({ strategies: ['session', 'jwt-hs256'] }));
    if (tradeOff === null) throw new Error('the example has a trade-off');
    const { caption } = tradeOffPicture(tradeOff, { nodeCpuMicros: null, throughputRatio: null });
    expect(caption).not.toMatch(/dotted|thin line|band/);
  });

  it('says what the lifetime was that ended there, and what it is in service', () => {
    expect(textsOf(toSvg(results))).toMatch(/until it expires,\s+cut to 1\.99 s here/);
    const words =
      '*Until it expires*: in service the lifetime of the access token (jwt-hs256) and of the session cookie (cookie-session). This run cut it short to see the end: no more than 1.99 s of it were left at a logout.';
    expect(toMarkdown(results)).toContain(words);
    const page = toHtml(results)
      .replaceAll(/<span class="name">([^<]*)<\/span>/g, '$1')
      .replaceAll('\u00a0', ' ');
    expect(page).toContain(words.replace('*Until it expires*', '<em>Until it expires</em>'));
  });

  it('claims no lifetime that nobody watched', () => {
    const unwatched = resultsOf(
      exampleRun().filter((event) => event.type !== 'RevocationMeasured' || event.condition !== 'until-expiry'),
    );
    expect(textsOf(toSvg(unwatched))).toContain('until it expires');
    expect(textsOf(toSvg(unwatched))).not.toContain('cut to');
    expect(toMarkdown(unwatched)).toContain('and of the session cookie (cookie-session).\n');
  });
});
