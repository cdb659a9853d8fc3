/** Every attack of the catalogue against the server that is broken for it, and against the same server without its mistake. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackGroups } from '../scenario/attack-schema.ts';
import { brokenName, variantContestant } from './broken/variants.ts';
import { BrokenServer } from './broken-server.contract.ts';
import { attacks } from './catalogue.ts';
import { costlyToken } from './tokens/costly-token.ts';

/** Those that wait for the end of a token wait for these. */
const lifetimeSeconds = 8;

describe('every attack', { timeout: 60_000 }, () => {
  let broken: BrokenServer;
  let mended: BrokenServer;
  beforeAll(async () => {
    [broken, mended] = await Promise.all([
      BrokenServer.start(undefined, lifetimeSeconds),
      BrokenServer.start(() => () => ({}), lifetimeSeconds),
    ]);
  });
  afterAll(() => Promise.all([broken?.close(), mended?.close()]));

  async function expectProven(name: string): Promise<void> {
    const through = await broken.attack(name, name);
    expect(through, through.evidence).toMatchObject({ outcome: { kind: 'open' } });
    const stopped = await mended.attack(name, name);
    expect(stopped, stopped.evidence).toMatchObject({ outcome: { kind: 'blocked' } });
    for (const { evidence } of [through, stopped]) {
      expect(evidence).toMatch(/^\S.*[^.]$/);
      expect(evidence).not.toMatch(/[\w-]{48,}/);
    }
  }

  // Those of the browser have a test of their own there.
  const names = attacks.filter(({ group }) => group !== 'browser').map(({ name }) => name);
  const together = names.filter((name) => name !== costlyToken.name);
  it.concurrent.each(together)('%s gets through where the server is broken for it, and nowhere else', expectProven);

  // It keeps this whole process waiting, and so all who are in it.
  it(`${costlyToken.name} does, with nothing beside it`, () => expectProven(costlyToken.name));
});

describe('the catalogue', () => {
  it('names each attack once, and says where it is told of', () => {
    expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length);
    for (const { name, title, deed, question, source } of attacks) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(source).toMatch(/\b(?:RFC \d|CVE-\d|CWE-\d|GHSA-|ASVS|OWASP|FIPS)/);
      expect(question).toMatch(/^[A-Z].*\?$/);
      expect(title.length).toBeLessThanOrEqual(40);
      expect(deed).not.toMatch(/^[A-Z]|\.$/);
    }
  });

  it('has something in every group, and takes aim at the server that proves it', () => {
    for (const group of attackGroups.filter((one) => one !== 'browser')) {
      expect(attacks.filter((attack) => attack.group === group).length, group).toBeGreaterThan(2);
    }
    for (const { name, broken, inapplicable } of attacks) {
      expect(inapplicable(variantContestant(brokenName(name), broken, '').traits), name).toBeNull();
    }
  });
});
