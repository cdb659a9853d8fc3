/** The pages of a run that has just been made, as a reader opens them: from the command line into a real browser. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, chromiumRemedy, expectGoodPage, launchChromium } from '../report/html/browser.contract.ts';
import { smoke, useLabProcess } from './run-interruptions.contract.ts';

/** All that `smoke` measures, and what every report has. */
const sections = [
  'The trade-off',
  'The answer in full',
  'Warnings',
  'Cost of a check',
  'Throughput and latency',
  'Revocation',
  'Token size',
  'What was compared',
  'The machine',
  'The method',
  'What this does not show',
];

describe.skipIf(chromiumPath === null)(`the pages of a fresh run (${chromiumRemedy})`, () => {
  const lab = useLabProcess();
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  it('are good to read: its report, and its comparison with itself', async () => {
    expect(await lab().start('run', smoke, '--runs', lab().runs)).toEqual({ code: 0, signal: null });
    await expectGoodPage(browser, readFileSync(join(lab().runFolder(), 'report.html'), 'utf8'), {
      sections,
      isFull: true,
    });

    const file = join(lab().folder, 'compare.html');
    const [run, again] = [lab().runFolder(), lab().runFolder()];
    expect(await lab().start('compare', run, again, '--output', file)).toEqual({ code: 0, signal: null });
    await expectGoodPage(browser, readFileSync(file, 'utf8'), {
      sections: ['The runs', 'What else differs', 'What changed'],
    });
  });
});
