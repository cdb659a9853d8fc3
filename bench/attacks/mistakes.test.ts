/** Every attack against every broken variant over HTTP: each variant has its own mistake, and no other. */

import { afterEach, describe, expect, it } from 'vitest';
import { type MistakeName, mistakeNames } from '../scenario/schema.ts';
import type { AttackResult } from './attack.ts';
import { noExpiry } from './broken/no-expiry.ts';
import type { Mistake } from './broken/parts.ts';
import { brokenContestant } from './broken/variants.ts';
import { BrokenServer } from './broken-server.contract.ts';
import { attacksOnMistakes } from './catalogue.ts';

// Two of the attacks wait for the end of a token.
const timeout = 30_000;

let server: BrokenServer | null = null;
afterEach(() => server?.close());

async function serve(mistakeOf?: (name: string) => Mistake): Promise<BrokenServer> {
  server = await BrokenServer.start(mistakeOf);
  return server;
}

/** One variant with parts of the test's own choice, under one attack. */
async function against(mistake: MistakeName, parts: Mistake): Promise<AttackResult> {
  return (await serve(() => parts)).attack(mistake, mistake);
}

const pairs = mistakeNames.flatMap((mistake) =>
  mistakeNames
    .filter((variant) => attacksOnMistakes[mistake].inapplicable(brokenContestant(variant, '').traits) === null)
    .map((variant) => ({ mistake, variant })),
);

describe('the attack on a mistake', { timeout }, () => {
  it('gets through where the mistake is made, and nowhere else', async () => {
    const started = await serve();
    const outcomes = await Promise.all(pairs.map(({ mistake, variant }) => started.attack(mistake, variant)));
    const seen = pairs.map(({ mistake, variant }, index) => [mistake, variant, outcomes[index]?.outcome.kind]);
    expect(seen).toEqual(
      pairs.map(({ mistake, variant }) => [mistake, variant, mistake === variant ? 'open' : 'blocked']),
    );
    // All but algorithm confusion, which needs a public key, against all six.
    expect(pairs).toHaveLength(5 * 6 + 1);
  });

  it('is blocked as soon as the mistake is mended', async () => {
    const mended = await serve(() => () => ({}));
    const results = await Promise.all(mistakeNames.map((mistake) => mended.attack(mistake, mistake)));
    expect(results.map(({ outcome }) => outcome.kind)).toEqual(mistakeNames.map(() => 'blocked'));
  });

  it.each([
    [
      'no-expiry',
      /^no exp in the token; GET \/profile still 200 3\.\d s after the login, 2\.0 s being its longest life$/,
    ],
    [
      'algorithm-confusion',
      /^GET \/profile 200 as user-\d+ with the role admin, by a token signed HS256 under the public/,
    ],
    [
      'algorithm-list-too-wide',
      /^GET \/profile 200 as user-\d+ with the role admin, by a token with alg "none" and no/,
    ],
    ['sensitive-payload', /^it reads email, password_hash, phone$/],
    [
      'no-revocation',
      /^GET \/profile 200 until \d+ ms after the logout, 401 invalid_token .*; POST \/auth\/refresh 200$/,
    ],
    ['no-rotation', /^POST \/auth\/refresh 200 with the first refresh token after its owner had refreshed twice/],
  ] as const)('on %s tells what was seen, and no credential', async (mistake, seen) => {
    const { evidence } = await (await serve()).attack(mistake, mistake);
    expect(evidence).toMatch(seen);
    expect(evidence).not.toMatch(/[\w-]{30,}/);
  });
});

describe('half a mistake is one', { timeout }, () => {
  it('a token without expiry does no harm where one is demanded', async () => {
    const demanding: Mistake = (careful, world) => {
      const { issue } = noExpiry(careful, world);
      return { ...(issue && { issue }) };
    };
    expect((await against('no-expiry', demanding)).evidence).toBe(
      'before the attack a genuine request was answered 401 invalid_token',
    );
  });

  it('a window after the logout is measured, and within the bound it is told as that', async () => {
    const lagging: Mistake = ({ sessions }) => ({ end: (sid) => void setTimeout(() => sessions.end(sid), 150) });
    const started = await serve(() => lagging);
    const { outcome } = await started.attack('no-revocation', 'no-revocation', { boundMillis: 700, refreshPath: null });
    expect(outcome).toMatchObject({ kind: 'open', window: { ended: true }, boundMillis: 700 });
    if (outcome.kind !== 'open') return;
    expect(outcome.window?.millis).toBeGreaterThan(50);
    expect(outcome.window?.millis).toBeLessThan(700);
  });

  it('a token that outlives the logout by design is held to its remaining lifetime', async () => {
    const forgetful = await serve(() => () => ({ end: () => undefined }));
    const design = { boundMillis: null, refreshPath: null } as const;
    const { outcome } = await forgetful.attack('no-revocation', 'no-revocation', design);
    expect(outcome).toMatchObject({ kind: 'open-by-design', window: { ended: true } });
    const { outcome: beyond } = await forgetful.attack('no-revocation', 'no-revocation', {
      ...design,
      accessTokenLifetimeMillis: 300,
    });
    expect(beyond).toMatchObject({ kind: 'open', boundMillis: expect.any(Number) });
  });

  it('a refresh token that outlives the logout is no design', async () => {
    const refreshable: Mistake = (careful, world) => {
      const ended = new Set<string>();
      return {
        end: (sid) => void ended.add(sid),
        isLive: (session, token) => careful.isLive(session, token) && !ended.has(session.sid),
        exchange: (token) =>
          careful.exchange(token) ?? careful.sessions.start('user-000000', [`${world.random(1)[0]}`]),
      };
    };
    expect(await against('no-revocation', refreshable)).toMatchObject({
      outcome: { kind: 'open', window: null },
      evidence: expect.stringMatching(/GET \/profile 401 .*; POST \/auth\/refresh 200$/),
    });
  });

  it('a replay that is refused but ends nothing leaves the thief in', async () => {
    const unnoticed: Mistake = ({ sessions }) => {
      const used = new Set<string>();
      return {
        exchange(token) {
          if (used.has(token)) return null;
          used.add(token);
          return sessions.rotate(token);
        },
      };
    };
    expect(await against('no-rotation', unnoticed)).toMatchObject({
      outcome: { kind: 'open' },
      evidence: expect.stringMatching(/^POST \/auth\/refresh 401 invalid_grant .*then 200 with the owner's newest$/),
    });
  });

  it('a secret under a harmless name is found', async () => {
    const disguised: Mistake = (careful) => ({
      issue: (session) => careful.issue({ ...session, roles: ['user', `${session.sub}@example.org`] }),
    });
    expect((await against('sensitive-payload', disguised)).evidence).toBe('it reads roles');
  });
});
