/** Row 51: a server is given another secret, and for a while the one before. */

import { createHmac, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KeyRing } from '../keys/key-ring.ts';
import { sessionCookieName } from '../strategies/cookie-names.ts';
import { expectAccepted, expectRefused } from '../strategies/expectations.contract.ts';
import { traitsOf } from '../strategies/registry.ts';
import { ChecklistServers, oneOfEachFamily } from './checklist-server.contract.ts';
import { everyTransport } from './raw-http.contract.ts';
import { describeRow } from './row.contract.ts';

const [old, present] = [randomBytes(32), randomBytes(32)];
const realm = `checklist-${randomBytes(8).toString('hex')}`;
const signed = everyTransport().filter((name) => traitsOf(name).signature !== undefined);
const signedCookies = signed.filter((name) => traitsOf(name).transport === 'cookie');
const refreshing = oneOfEachFamily().filter((name) => traitsOf(name).refresh);

/** A node of the one realm. Where tokens are signed, too, the realm's keys must open. */
function serversWith(secret: Buffer, previous: Buffer | null, names: readonly string[]): ChecklistServers {
  const settings = {
    REALM: realm,
    STRATEGIES: names.join(),
    STRATEGY: names[0] ?? '',
    SECRET: secret.toString('base64url'),
    ...(previous === null ? {} : { PREVIOUS_SECRET: previous.toString('base64url') }),
  };
  return new ChecklistServers({ settings });
}

describeRow(51, () => {
  const all = [...signedCookies, ...refreshing];
  const before = serversWith(old, null, all);
  const between = serversWith(present, old, all);
  /** Without the strategies that sign tokens: the old secret is gone before the keys that it sealed were rotated. */
  const unsealed = [...signedCookies, 'reference-token'];
  const after = serversWith(present, null, unsealed);
  beforeAll(async () => {
    for (const servers of [before, between, after]) await servers.start();
  }, 60_000);
  afterAll(async () => {
    for (const servers of [before, between, after]) await servers.stop();
  });

  describe.each(signedCookies)('%s', (name) => {
    const cookieName = sessionCookieName(name);
    const traits = traitsOf(name);
    const signatureUnder = (secret: Buffer, value: string) => {
      const key = new KeyRing({ secret }).secretFor(`cookie/${name}`).toString('base64url');
      return createHmac('sha256', key).update(`${cookieName}=${value}`).digest('base64url');
    };

    test('the previous key verifies until it is removed', async () => {
      const client = await before.loggedIn(name);
      const [cookie = ''] = [client.cookieHeader('/profile')];
      const answer = await between.client(name).profile({ cookie });
      expectAccepted(answer);
      // A request that only asks changes no cookie, not even one signed by a key that is on its way out.
      expect(answer.setCookies).toEqual([]);
      const elsewhere = await between.client(name).send('GET', '/nowhere', { cookie });
      expect([elsewhere.status, elsewhere.setCookies]).toEqual([404, []]);
      expectRefused({ traits }, await after.client(name).profile({ cookie }));
      expectAccepted(await client.profile());
    });

    test('the present key signs', async () => {
      const client = await between.loggedIn(name);
      const { credential } = client;
      expect(client.cookie(`${cookieName}.sig`)).toBe(signatureUnder(present, credential));
      const cookie = client.cookieHeader('/profile') ?? '';
      expectAccepted(await after.client(name).profile({ cookie }));
      expectRefused({ traits }, await before.client(name).profile({ cookie }));
    });

    test('no third key does either', async () => {
      const client = await between.loggedIn(name);
      client.setCookie(`${cookieName}.sig`, signatureUnder(randomBytes(32), client.credential));
      expectRefused({ traits }, await client.profile());
      client.setCookie(`${cookieName}.sig`, signatureUnder(old, client.credential));
      expectAccepted(await client.profile());
    });

    test('a logout takes effect under either', async () => {
      const client = await before.loggedIn(name);
      const headers = { cookie: client.cookieHeader('/auth/logout') ?? '' };
      const logout = await between.client(name).send('POST', '/auth/logout', headers);
      expect(logout.status).toBe(204);
      expect(logout.setCookies.map((line) => line.split('=')[0])).toEqual([cookieName, `${cookieName}.sig`]);
    });
  });

  test.each(refreshing)('%s: so do refresh tokens and access tokens', async (name) => {
    const client = await before.loggedIn(name);
    const moved = between.client(name, 0, client.username);
    moved.accessToken = client.credential;
    moved.refreshToken = client.refreshToken ?? '';
    expectAccepted(await moved.profile());
    expect((await moved.refresh()).status).toBe(200);
    if (!unsealed.includes(name)) return;
    const last = after.client(name, 0, client.username);
    last.refreshToken = moved.refreshToken ?? '';
    expect((await last.refresh()).status).toBe(200);
    const late = after.client(name);
    late.refreshToken = (await before.loggedIn(name)).refreshToken ?? '';
    expect((await late.refresh()).status).toBe(401);
  });

  test('who has the new secret alone does not start while keys are sealed under the old', async () => {
    await expect(serversWith(present, null, all).start()).rejects.toMatchObject({
      code: 'ERR_INPUT_INVALID',
      faults: [{ place: 'secret', message: expect.stringContaining('previousSecret') }],
    });
  });
});
