/** Strategies with refresh tokens: rotation, its grace, reuse, and what else must not pass for a refresh (RFC 9700 4.14). */

import { describe, expect, test } from 'vitest';
import { damaged } from '../tokens/forged-access-tokens.contract.ts';
import { eventsOf, expectAccepted, expectBoundKept, expectRefused } from './expectations.contract.ts';
import type { Client } from './lab-client.contract.ts';
import { type OpenRealm, type StrategyLab, useLab } from './strategy-lab.contract.ts';

export function describeRefresh(openRealm: OpenRealm, name: string): void {
  describe('refresh', () => {
    const lab = useLab(openRealm, name);

    test('renews the access token, replaces the refresh token and keeps the session', async () => {
      const client = await loggedIn(lab);
      const [accessToken, refreshToken] = [client.credential, client.refreshToken];
      const { sid } = (await client.profile()).body;
      const refreshed = await client.refresh();
      expect(refreshed).toMatchObject({
        status: 200,
        body: {
          token_type: 'Bearer',
          expires_in: lab.policy.accessTokenMillis / 1000,
          access_token: client.credential,
        },
      });
      expect(JSON.stringify(refreshed.body)).not.toContain(client.refreshToken);
      expect(client.credential).not.toBe(accessToken);
      expect(client.refreshToken).not.toBe(refreshToken);
      expect((await client.copy(1).profile()).body.sid).toBe(sid);
      expect((await client.copy(1).refresh()).status).toBe(200);
    });

    test('an honest retry within the grace gets the very successor, at any node, also when fifty ask at once', async () => {
      const client = await loggedIn(lab);
      const asked = [client, ...Array.from({ length: 49 }, (_, index) => client.copy(index % 2 === 0 ? 1 : 0))];
      const answers = await Promise.all(asked.map((each) => each.refresh()));
      expect(answers.map((answer) => answer.status)).toEqual(asked.map(() => 200));
      expect(new Set(asked.map((each) => each.refreshToken)).size).toBe(1);
      for (const each of asked) expectAccepted(await each.profile());
      expect((await eventsOf(lab, client.username)).map((event) => event.type)).toEqual([
        'SessionStarted',
        'SessionRefreshed',
      ]);
      expect((await client.refresh()).status).toBe(200);
    });

    test('a grandparent, whose successor has been used, is a stolen one also within the grace: the whole family ends', async () => {
      const client = await loggedIn(lab);
      const thief = client.copy(1);
      await client.refresh();
      await client.refresh();
      await expectReuse(lab, client, thief);
    });

    test('after the grace, so is the immediate parent', async () => {
      const client = await loggedIn(lab);
      const thief = client.copy(1);
      await client.refresh();
      lab.clock.advance(lab.policy.refreshGraceMillis + 1);
      await expectReuse(lab, client, thief);
    });

    test('after a logout neither the old nor the new token refreshes', async () => {
      const client = await loggedIn(lab);
      const parent = client.copy(1);
      await client.refresh();
      const captured = client.copy();
      await client.logout();
      for (const token of [captured, parent]) await expectNoGrant(token);
      expect((await eventsOf(lab, client.username)).at(-1)).toMatchObject({ reason: 'logout' });
    });

    test('what this server did not make is refused, and ends nobody', async () => {
      const [client, other] = [await loggedIn(lab), await loggedIn(lab)];
      const own = client.refreshToken ?? '';
      const secretOf = (text: string) => text.slice(text.lastIndexOf('.') + 1);
      const { sid } = (await client.profile()).body;
      const forged = [
        ...damaged(own, 3).map((forgery) => forgery.token),
        `${sid}.${secretOf(other.refreshToken ?? '')}`,
        `${sid}.${'A'.repeat(43)}`,
        String(sid),
        client.credential,
        '*',
        '{0}.x',
        'x'.repeat(5_000),
      ];
      const appendedBefore = lab.node(0).log.appended.length;
      for (const token of forged) {
        const forger = lab.client();
        forger.refreshToken = token;
        await expectNoGrant(forger);
        forger.refreshToken = token;
        expect((await forger.logout()).status).toBe(204);
      }
      expect(lab.node(0).log.appended.length).toBe(appendedBefore);
      expectAccepted(await client.profile());
      expect((await client.refresh()).status).toBe(200);
    });

    test('two refresh cookies are one too many', async () => {
      const client = await loggedIn(lab);
      const cookie = client.cookieHeader('/auth') ?? '';
      const twice = await lab.client().send('POST', '/auth/refresh', { cookie: `${cookie}; ${cookie}` });
      expect(twice.status).toBe(401);
      expect((await client.refresh()).status).toBe(200);
    });

    test('a refresh token is no access token, and does not ride along to the protected resource', async () => {
      const client = await loggedIn(lab);
      expect(client.cookieHeader('/profile')).toBeUndefined();
      const misused = lab.client();
      misused.accessToken = client.refreshToken;
      expectRefused(lab, await misused.profile());
    });

    test('while the log is away nothing is consumed: the same token works afterwards', async () => {
      const client = await loggedIn(lab);
      lab.node(0).log.away = true;
      const failed = await client.refresh();
      lab.node(0).log.away = false;
      expect(failed.status).toBe(503);
      expect((await client.refresh()).status).toBe(200);
    });
  });

  describeLogoutByToken(openRealm, name);

  describe('refresh without grace', () => {
    const lab = useLab(openRealm, name, { policy: { refreshGraceMillis: 0 } });

    test('any second use ends the family', async () => {
      const client = await loggedIn(lab);
      const thief = client.copy(1);
      await client.refresh();
      await expectReuse(lab, client, thief);
    });
  });

  describe('refresh lifetimes', () => {
    const lab = useLab(openRealm, name, {
      policy: { accessTokenMillis: 60_000, inactivityMillis: 120_000, absoluteMillis: 300_000 },
    });

    test('an unused token dies of inactivity', async () => {
      const client = await loggedIn(lab);
      lab.clock.advance(lab.policy.inactivityMillis + 1_000);
      await expectNoGrant(client);
    });

    test('a session that is refreshed over and over still meets its absolute end', async () => {
      const client = await loggedIn(lab);
      for (let rotation = 0; rotation < 4; rotation += 1) {
        lab.clock.advance(70_000);
        expect((await client.refresh()).status).toBe(200);
      }
      lab.clock.advance(20_000 + lab.policy.leewayMillis + 1_000);
      expectRefused(lab, await client.profile());
      await expectNoGrant(client);
    });
  });
}

function describeLogoutByToken(openRealm: OpenRealm, name: string): void {
  describe('logout by one token of the two', () => {
    const lab = useLab(openRealm, name);

    test('the refresh cookie alone ends the session', async () => {
      const client = await loggedIn(lab);
      const captured = client.copy();
      client.accessToken = undefined;
      await client.logout();
      await expectBoundKept(lab, captured);
      await expectNoGrant(captured);
    });

    test('the access token alone ends the session', async () => {
      const client = await loggedIn(lab);
      const captured = client.copy();
      client.dropCookies();
      await client.logout();
      await expectBoundKept(lab, captured);
      await expectNoGrant(captured);
    });

    test('where they name different sessions, the one of the access token ends', async () => {
      const [client, other] = [await loggedIn(lab), await loggedIn(lab)];
      const [captured, bystander] = [client.copy(), other.copy()];
      client.refreshToken = other.refreshToken ?? '';
      await client.logout();
      await expectBoundKept(lab, captured);
      await expectNoGrant(captured);
      expectAccepted(await bystander.profile());
      expect((await bystander.refresh()).status).toBe(200);
    });

    test('an expired access token leaves it to the refresh cookie', async () => {
      const client = await loggedIn(lab);
      lab.clock.advance(lab.policy.accessTokenMillis + lab.policy.leewayMillis + 1_000);
      const captured = client.copy();
      expect((await client.logout()).status).toBe(204);
      await expectNoGrant(captured);
      expect((await eventsOf(lab, client.username)).at(-1)).toMatchObject({ reason: 'logout' });
    });
  });
}

async function loggedIn(lab: StrategyLab): Promise<Client> {
  const client = lab.client();
  expect((await client.login()).status).toBe(200);
  return client;
}

/** RFC 6749 5.2, and the client is rid of the token. */
async function expectNoGrant(client: Client): Promise<void> {
  expect(await client.refresh()).toMatchObject({ status: 401, body: { error: 'invalid_grant' } });
  expect(client.refreshToken).toBeUndefined();
}

async function expectReuse(lab: StrategyLab, client: Client, thief: Client): Promise<void> {
  const captured = client.copy();
  await expectNoGrant(thief);
  await expectNoGrant(client);
  await expectBoundKept(lab, captured);
  expect((await eventsOf(lab, client.username)).slice(-2)).toMatchObject([
    { type: 'RefreshTokenReuseDetected' },
    { type: 'SessionTerminated', reason: 'refresh-token-reuse' },
  ]);
}
