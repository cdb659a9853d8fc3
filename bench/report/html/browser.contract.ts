/** What every report.html must be in a real browser, whatever run it tells of. For tests; Chromium is not ours to install. */

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
  /** Whether axe looks as well, which takes its time: once for each width and each colours. */
  readonly isAudited: boolean;
}

const views: readonly View[] = [
  { width: 360, colours: 'light', isAudited: true },
  { width: 1_440, colours: 'light', isAudited: false },
  { width: 360, colours: 'dark', isAudited: false },
  { width: 1_440, colours: 'dark', isAudited: true },
];

/** Opens the report in every view, with scripts off and on, and on paper. */
export async function expectGoodReport(browser: Browser, html: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'authlab-html-'));
  try {
    const file = join(folder, 'report.html');
    writeFileSync(file, html);
    const address = pathToFileURL(file).href;
    await expectReadableWithoutScripts(browser, address);
    for (const view of views) await expectGoodView(browser, address, view);
    await expectGoodPaper(browser, address);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function expectReadableWithoutScripts(browser: Browser, address: string): Promise<void> {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1_440, height: 900 } });
  const page = await context.newPage();
  await page.goto(address);
  for (const heading of await page.locator('h1, h2').all()) expect(await heading.isVisible()).toBe(true);
  const titles = await page.locator('section > h2').allTextContents();
  for (const title of ['The answer in full', 'The machine', 'What this does not show']) expect(titles).toContain(title);
  const links = await page.locator('nav.rail a').allTextContents();
  expect(links).toEqual(titles);
  await context.close();
}

async function expectGoodView(browser: Browser, address: string, { width, colours, isAudited }: View): Promise<void> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: colours });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => troubles.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
  page.on('request', (request) => {
    if (request.url() !== address) troubles.push(`request: ${request.url()}`);
  });
  await page.goto(address);
  const place = `${width} px, ${colours}`;
  expect(await widerThanPage(page), place).toEqual([]);
  expect(await badPictures(page), place).toEqual([]);
  const background = await backgroundOf(page);
  expect(lightnessOf(background) < 0.3, place).toBe(colours === 'dark');
  if (isAudited) expect(await axeViolations(page), place).toEqual([]);
  expect(troubles, place).toEqual([]);
  await context.close();
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

/** Each picture is shown in one of its two drawings, with a text that tells it, and no text that leaves the drawing. */
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
    return [
      ...(svg.querySelector('desc').textContent.length < 20 ? [figure.id + ': no alternative'] : []),
      ...leaving.map((text) => figure.id + ': "' + text.textContent + '" leaves the drawing'),
    ];
  }))()`);
}

async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate<string[]>(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html }) => id + ': ' + html.slice(0, 200))))`);
}

function backgroundOf(page: Page): Promise<string> {
  return page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
}

/** On paper there is nothing to click: what is folded on the screen is told. */
async function expectGoodPaper(browser: Browser, address: string): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 794, height: 1_123 }, colorScheme: 'dark' });
  const page = await context.newPage();
  await page.goto(address);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const folded = await page.locator('details table').all();
  for (const table of folded) expect(await table.isVisible()).toBe(true);
  expect(await page.locator('nav:visible').count()).toBe(0);
  expect(lightnessOf(await backgroundOf(page))).toBeGreaterThan(0.9);
  expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
  await context.close();
}

/** Of `rgb(18, 22, 28)`, 0 to 1. */
function lightnessOf(colour: string): number {
  const parts = colour.match(/\d+/g)?.slice(0, 3).map(Number) ?? [0, 0, 0];
  return parts.reduce((sum, part) => sum + part, 0) / (3 * 255);
}
