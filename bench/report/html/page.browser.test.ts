/** The pages of invented runs in a real browser; that of a fresh one is a long test. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { parseRecord } from '../../record/reader.ts';
import { chaosRecord, exchange, faultAt, gaining, history } from '../example-chaos.ts';
import { faultsRecord, inflicted, observed, revoked, valid } from '../example-faults.ts';
import { type ExampleOptions, exampleRecord } from '../example-run.ts';
import { exampleSweepRecord } from '../example-sweep.ts';
import { summarise } from '../summarise.ts';
import { chromiumPath, chromiumRemedy, expectGoodPage, launchChromium } from './browser.contract.ts';
import { comparisonHtml } from './comparison-page.ts';
import { toHtml } from './page.ts';

const htmlOf = (record: string) => toHtml(summarise(parseRecord(record, 'events.ndjson')));

const comparisonSections = ['The runs', 'What else differs', 'What changed', 'Cost of a check', 'The method'];

const runs: readonly (readonly [string, ExampleOptions])[] = [
  ['a whole run of everything', { mistakes: {}, attacks: {}, isFull: true }],
  ['an invalid run with void figures', { accepting: 'hybrid-hs256', refusing: 'session', rounds: 3 }],
  ['an aborted run of two rounds', { outcome: null, rounds: 2 }],
];

describe.skipIf(chromiumPath === null)(`a page of the report in a browser (${chromiumRemedy})`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  it.each(runs)('is good to read: %s', async (_name, options) => {
    await expectGoodPage(browser, htmlOf(exampleRecord(options)), { isFull: options.isFull === true });
  });

  it('is good to read: a comparison of three runs, one of them invalid and one elsewhere', async () => {
    const [first, invalid, last] = [{}, { accepting: 'session', seed: 2 }, { generatorSaturated: true, seed: 3 }].map(
      (options) => summarise(parseRecord(exampleRecord(options), 'events.ndjson')),
    );
    if (first === undefined || invalid === undefined || last === undefined) throw new Error('no runs');
    const elsewhere = { ...last, machine: { ...last.machine, cpuModel: 'Another <CPU>', cores: 64 } };
    await expectGoodPage(browser, comparisonHtml([first, invalid, elsewhere]), { sections: comparisonSections });
  });

  it('is good to read: faults, where a promise was broken and where none was', async () => {
    const strategies = ['session', 'jwt-hs256', 'hybrid-hs256'];
    const calm = valid([[[200, 0, 6_000]], [[200, 0, 6_000]]]);
    const late = revoked('revoked-during', [204, 1_000], [[[200, 0, 4_000]], [[401, 1_000, 6_000]]], [200, 401]);
    const events = [
      inflicted(),
      ...strategies.map((name) => observed(name, name === 'session' ? [calm, late] : [calm])),
    ];
    await expectGoodPage(
      browser,
      htmlOf(faultsRecord(events, { strategies, inflicted: ['redis-killed', 'redis-paused'] })),
    );
  });

  it('is good to read: random histories, of which one breaks a promise', async () => {
    const faults = [faultAt(1_500, 2_500)];
    const kept = history([gaining(0), exchange('probe', 500, 200)], { faults });
    const broken = history([gaining(0), exchange('logout', 1_000, 204), exchange('last-word', 32_000, 200)], {
      faults,
      seed: 8,
    });
    await expectGoodPage(browser, htmlOf(chaosRecord([kept, broken])), {
      sections: ['Random histories', 'The machine'],
    });
  });

  it('is good to read: a sweep', async () => {
    const sweep = { factor: 'added-rtt-millis', levels: [0, 1, 4] } as const;
    await expectGoodPage(browser, htmlOf(exampleSweepRecord({ ...sweep, levels: [...sweep.levels] }, 20)));
  });
});
