/** A foreign script on a page that keeps its token in localStorage, and on one that keeps it in memory, in a real browser. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumRemedy, findChromium } from '../../environment/chromium.ts';
import { BrokenServer } from '../broken-server.contract.ts';
import { attacks } from '../catalogue.ts';

const inBrowser = attacks.filter(({ group }) => group === 'browser').map(({ name }) => name);

describe.skipIf(findChromium() === null)(`a foreign script (skipped without Chromium: ${chromiumRemedy})`, () => {
  let broken: BrokenServer;
  let mended: BrokenServer;
  beforeAll(async () => {
    [broken, mended] = await Promise.all([BrokenServer.start(undefined, 30), BrokenServer.start(() => () => ({}), 30)]);
  });
  afterAll(() => Promise.all([broken?.close(), mended?.close()]));

  it('takes the token out of localStorage, and lets the attacker in', async () => {
    const { outcome, evidence } = await broken.attack('script-reads-storage', 'script-reads-storage');
    expect(outcome, evidence).toEqual({ kind: 'open', window: null, boundMillis: 0 });
    expect(evidence).toMatch(/^GET \/profile 200 as user-\d+ .*, by what the foreign script had sent to the attacker$/);
  });

  it('finds nothing on a page whose client keeps the token in memory', async () => {
    const { outcome, evidence } = await mended.attack('script-reads-storage', 'script-reads-storage');
    expect(outcome, evidence).toEqual({ kind: 'blocked' });
  });

  it.each(inBrowser)('%s gets through where it is made easy, and nowhere else', async (name) => {
    const { outcome, evidence } = await broken.attack(name, name);
    expect(outcome.kind, evidence).toBe('open');
    const stopped = await mended.attack(name, name);
    expect(stopped.outcome.kind, stopped.evidence).toBe('blocked');
  });

  it('that was there first hears a token that the page sends itself: by design, and told as that', async () => {
    const { outcome, evidence } = await mended.attack('script-listens', 'script-reads-storage');
    expect(outcome, evidence).toMatchObject({
      kind: 'open-by-design',
      reason: expect.stringContaining('sends its token'),
    });
  });
});
