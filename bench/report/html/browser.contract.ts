/** What every page of the report must be in a real browser, whatever it tells of. For tests; Chromium is not ours to install. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { chromiumArguments, findChromium, chromiumRemedy as remedy } from '../../environment/chromium.ts';

/** Stands in the name of tests that are skipped without it. */
export const chromiumRemedy = `skipped without Chromium: ${remedy}`;

/** Null when there is none on the PATH. */
export const chromiumPath = findChromium();

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath ?? '', args: [...chromiumArguments] });
}

interface View {
  readonly width: number;
  readonly colours: 'light' | 'dark';
}

const views: readonly View[] = [
  { width: 360, colours: 'light' },
  { width: 1_440, colours: 'light' },
  { width: 360, colours: 'dark' },
  { width: 1_440, colours: 'dark' },
];

/** Sections that every report has. */
export const reportSections = ['The answer in full', 'The machine', 'What this does not show'] as const;

/** Each width and each set of colours once; where a page has nothing that others have not, that is enough for an audit. */
const opposites = views.filter(({ width, colours }) => (width === 360) === (colours === 'light'));

/**
 * Opens the page with scripts off and with scripts on, each in every view and in one window, whose size and colours change
 * as a reader's do; and on paper. It is audited with scripts on, which takes the most time: the fullest pages in every view.
 */
export async function expectGoodPage(
  browser: Browser,
  html: string,
  {
    sections = reportSections,
    isFull = false,
  }: { readonly sections?: readonly string[]; readonly isFull?: boolean } = {},
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'authlab-html-'));
  try {
    const file = join(folder, 'report.html');
    writeFileSync(file, html);
    const address = pathToFileURL(file).href;
    await withPage(browser, address, false, async (page) => {
      await expectReadable(page, sections);
      for (const view of views) await expectGoodView(page, view);
    });
    await withPage(browser, address, true, async (page) => {
      for (const view of views) {
        await expectGoodView(page, view);
        if (isFull || opposites.includes(view)) expect(await axeViolations(page), placeOf(view)).toEqual([]);
      }
      await expectGoodPaper(page);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Nothing but the page itself may be asked for, and nothing may go wrong on it. */
async function withPage(
  browser: Browser,
  address: string,
  javaScriptEnabled: boolean,
  look: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ javaScriptEnabled });
  try {
    const page = await context.newPage();
    const troubles = troublesOf(page, address);
    await page.goto(address);
    await look(page);
    expect(troubles).toEqual([]);
  } finally {
    await context.close();
  }
}

/** At either width: what differs between them is looked at by view. */
async function expectReadable(page: Page, sections: readonly string[]): Promise<void> {
  const titles = await page.locator('section > h2').allTextContents();
  expect(titles).toEqual(expect.arrayContaining([...sections]));
  for (const { width } of views) {
    await page.setViewportSize({ width, height: 900 });
    expect(await page.locator('h1:visible').count()).toBe(1);
    expect(await page.locator('section > h2:visible').count()).toBe(titles.length);
  }
  const links = await page.locator('nav.rail a').allTextContents();
  expect(links).toEqual(titles);
}

/** Filled as long as the page is open: what it says on the console, its errors, and every request but for itself. */
function troublesOf(page: Page, address: string): readonly string[] {
  const troubles: string[] = [];
  page.on('console', (message) => troubles.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
  page.on('request', (request) => {
    if (request.url() !== address) troubles.push(`request: ${request.url()}`);
  });
  return troubles;
}

const placeOf = ({ width, colours }: View) => `${width} px, ${colours}`;

async function expectGoodView(page: Page, view: View): Promise<void> {
  const { width, colours } = view;
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme: colours });
  const place = placeOf(view);
  expect(await widerThanPage(page), place).toEqual([]);
  expect(await badPictures(page), place).toEqual([]);
  const background = await backgroundOf(page);
  expect(lightnessOf(background) < 0.3, place).toBe(colours === 'dark');
  expect(await clippedCells(page), place).toEqual([]);
}

/** What sticks out of the page, other than within a box that scrolls. */
function widerThanPage(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.body.querySelectorAll('*')]
      .filter((one) => one.closest('.table') === null && one.getBoundingClientRect().right > width + 1)
      .map((one) => one.outerHTML.slice(0, 80));
  })()`);
}

/** Cells whose text is wider than they are: it would lie on the next one. */
function clippedCells(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll('th, td')]
    .filter((cell) => cell.closest('thead') === null && cell.clientWidth > 0 && cell.scrollWidth > cell.clientWidth + 1)
    .map((cell) => cell.outerHTML.slice(0, 80))`);
}

/**
 * Each picture is shown in one of its two drawings, with a text that tells it, no text that leaves the drawing, and no two
 * that lie on one another (by more than the air around their letters).
 */
function badPictures(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => [...document.querySelectorAll('figure')].flatMap((figure) => {
    const shown = [...figure.querySelectorAll('svg.chart')].filter((svg) => svg.getBoundingClientRect().width > 0);
    const [svg] = shown;
    if (shown.length !== 1) return [figure.id + ': ' + shown.length + ' drawings'];
    const box = svg.getBoundingClientRect();
    const leaving = [...svg.querySelectorAll('text')].filter((text) => {
      const { left, right, top, bottom } = text.getBoundingClientRect();
      return left < box.left - 6 || right > box.right + 6 || top < box.top - 6 || bottom > box.bottom + 6;
    });
    const texts = [...svg.querySelectorAll('text')].filter((text) => text.textContent.trim() !== '');
    const boxes = texts.map((text) => text.getBoundingClientRect());
    const isOn = (a, b) =>
      Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4;
    const covered = texts.filter((_, index) => boxes.slice(0, index).some((other) => isOn(other, boxes[index])));
    return [
      ...covered.map((text) => figure.id + ': "' + text.textContent + '" lies on another text'),
      ...(svg.querySelector('desc').textContent.length < 20 ? [figure.id + ': no alternative'] : []),
      ...leaving.map((text) => figure.id + ': "' + text.textContent + '" leaves the drawing'),
    ];
  }))()`);
}

async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(`window.axe === undefined && (() => { ${axe.source} })()`);
  return page.evaluate<string[]>(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html }) => id + ': ' + html.slice(0, 200))))`);
}

function backgroundOf(page: Page): Promise<string> {
  return page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
}

/** On paper there is nothing to click: what is folded on the screen is told. It is light, whatever the screen is. */
async function expectGoodPaper(page: Page): Promise<void> {
  await page.setViewportSize({ width: 794, height: 1_123 });
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const folded = await page.locator('details table').count();
  expect(await page.locator('details table:visible').count()).toBe(folded);
  expect(await page.locator('nav:visible').count()).toBe(0);
  expect(lightnessOf(await backgroundOf(page))).toBeGreaterThan(0.9);
  expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
}

/** Of `rgb(18, 22, 28)`, 0 to 1. */
function lightnessOf(colour: string): number {
  const parts = colour.match(/\d+/g)?.slice(0, 3).map(Number) ?? [0, 0, 0];
  return parts.reduce((sum, part) => sum + part, 0) / (3 * 255);
}
