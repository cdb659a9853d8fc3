/** Every strategy: login, the protected resource, cookies, what a check costs, what is stored, and how it all ends by itself. */

import { describe, expect, test, vi } from 'vitest';
import { refreshCookieName, sessionCookieName } from './cookie-names.ts';
import { eventsOf, expectAccepted, expectBoundKept, expectRefused } from './expectations.contract.ts';
import { type OpenRealm, useLab } from './strategy-lab.contract.ts';

/** A name as it stands in a pattern: `+` separates parameters. */
function escaped(name: string): string {
  return name.replaceAll('+', '\\+');
}

export function describeSessions(openRealm: OpenRealm, name: string): void {
  describe('sessions', () => {
    const lab = useLab(openRealm, name);
    const { traits } = lab;
    const checks = traits.bound !== 'unbounded';
    const byCookie = traits.transport === 'cookie';

    test('a login opens the protected resource at every node', async () => {
      const client = lab.client();
      const login = await client.login();
      expect(login.body).toEqual({
        token_type: byCookie ? 'Cookie' : 'Bearer',
        expires_in: (byCookie ? lab.policy.inactivityMillis : lab.policy.accessTokenMillis) / 1000,
        ...(byCookie ? {} : { access_token: expect.any(String) }),
      });
      const [here, there] = [await client.profile(), await client.copy(1).profile()];
      expectAccepted(here);
      expect(there.body).toEqual(here.body);
      const identified = {
        sub: client.username,
        sid: expect.stringMatching(/^\d\.[\w-]{22}$/),
        roles: ['user', 'admin'],
      };
      expect(here.body).toEqual(checks ? identified : { sub: 'user-000000', sid: expect.any(String), roles: ['user'] });
    });

    test('without a credential it stays shut, and no error code is given', async () => {
      expectRefused(lab, await lab.client().profile(), 'nothing sent');
      expectRefused(
        lab,
        await lab.client().profile({ cookie: 'other=1', authorization: 'Basic YTpi' }),
        'nothing sent',
      );
    });

    test('a token in the query is not looked at', async () => {
      const client = lab.client();
      await client.login();
      const query = encodeURIComponent(client.credential);
      const answer = await lab.client().send('GET', `/profile?access_token=${query}&sid=${query}`);
      expectRefused(lab, answer, 'nothing sent');
    });

    test('cookies are bound to host, path, TLS and HTTP; their values appear nowhere else', async () => {
      const client = lab.client();
      const { setCookies, body } = await client.login();
      const host = '; path=/; expires=[^;]+; samesite=lax; secure; httponly$';
      const auth = `; path=/${name}/auth; expires=[^;]+; samesite=strict; secure; httponly$`;
      const own = byCookie ? `${sessionCookieName(name)}=[^;]+${host}` : `${refreshCookieName(name)}=[^;]+${auth}`;
      const signature = byCookie && traits.signature !== undefined;
      const expected = [
        ...(byCookie || traits.refresh ? [own] : []),
        ...(signature ? [`${sessionCookieName(name)}.sig=[^;]+${host}`] : []),
      ].map((pattern) => new RegExp(`^${pattern.replaceAll(`${name}`, escaped(name))}`));
      expect(setCookies).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
      for (const line of setCookies) {
        const [pair = ''] = line.split(';');
        expect(pair.length).toBeLessThanOrEqual(4096);
        expect(JSON.stringify(body)).not.toContain(pair.slice(pair.indexOf('=') + 1));
      }
    });

    test('asking changes nothing: no cookie is set, no event is written, and as many commands are sent as published', async () => {
      const client = lab.client();
      await client.login();
      // A near cache knows a session from its first look-up on.
      await client.profile();
      const { log } = lab.node(0);
      const [callsBefore, appendedBefore] = [log.calls, log.appended.length];
      for (let request = 0; request < 10; request += 1) expect((await client.profile()).setCookies).toEqual([]);
      expect(log.calls - callsBefore).toBe(10 * traits.redisCommandsPerCheck);
      expect(log.appended.length).toBe(appendedBefore);
    });

    test('the log holds no credential, and the events say who began and ended what', async () => {
      const client = lab.client();
      await client.login();
      const secrets = [client.credential, client.refreshToken ?? client.credential];
      const { sid } = (await client.profile()).body;
      await client.logout();
      const written = JSON.stringify(lab.node(0).log.appended);
      for (const secret of secrets) expect(written).not.toContain(secret);
      const events = await eventsOf(lab, client.username);
      const { username: sub } = client;
      const { revocation } = traits;
      const story = [
        { type: 'SessionStarted', sub, sid, strategy: name, revocation },
        { type: 'SessionTerminated', sub, sid, reason: 'logout', revocation },
      ];
      expect(events).toMatchObject(checks ? story : []);
    });

    test('a second login gives a new session and ends the first', async () => {
      const client = lab.client();
      await client.login();
      const first = client.copy();
      const sidOf = async () => (await client.profile()).body.sid;
      const before = await sidOf();
      await client.login();
      expect(client.credential).not.toBe(first.credential);
      expect((await sidOf()) === before).toBe(!checks);
      expectAccepted(await client.copy(1).profile());
      await expectBoundKept(lab, first);
      const reasons = (await eventsOf(lab, client.username)).map((event) => event.reason ?? event.type);
      expect(reasons).toEqual(checks ? ['SessionStarted', 'replaced-by-login', 'SessionStarted'] : []);
    });

    test('a user who cannot be carried is refused at login, loudly, before a session starts', async () => {
      const client = lab.client();
      const fits = await client.login(`${client.username}+40`);
      expect(fits.status).toBe(200);
      for (const line of fits.setCookies) expect(line.split(';')[0]?.length).toBeLessThanOrEqual(4096);
      const answer = await lab.client().login(`${client.username}+900`);
      const carriesRoles = !traits.stateLocation.startsWith('redis') && checks;
      expect(answer.status).toBe(carriesRoles ? 500 : 200);
      expect(lab.takeUnexpectedErrors().length).toBe(carriesRoles ? 1 : 0);
    });
  });

  describe('lifetimes', () => {
    const lab = useLab(openRealm, name, {
      policy: { accessTokenMillis: 60_000, inactivityMillis: 120_000, absoluteMillis: 120_000 },
    });
    const { traits, policy, clock } = lab;

    test('a credential is good until it expires and, where clocks differ, for the leeway', async () => {
      const client = lab.client();
      await client.login();
      const livesMillis = traits.transport === 'cookie' ? policy.inactivityMillis : policy.accessTokenMillis;
      clock.advance(livesMillis - 5_000);
      // A node whose clock has jumped is not fresh until its next beat.
      await vi.waitFor(async () => expectAccepted(await client.profile()));
      clock.advance(5_000 + policy.leewayMillis + 1_000);
      for (const holder of [client.copy(0), client.copy(1)]) expectRefused(lab, await holder.profile());
      expect((await client.logout()).status).toBe(204);
    });

    if (traits.bound === 'zero' || traits.bound === 'staleness-limit')
      test('a revoked credential does not come back for the leeway after its expiry', async () => {
        const client = lab.client();
        await client.login();
        const captured = client.copy();
        await client.logout();
        await expectBoundKept(lab, captured);
        clock.advance(policy.accessTokenMillis + policy.leewayMillis - 2_000);
        // Something else ends, which is when expired revocations are cleared away.
        const other = lab.client();
        await vi.waitFor(async () => {
          await other.login();
          expectAccepted(await other.profile());
        });
        await other.logout();
        for (const holder of [captured.copy(0), captured.copy(1)]) {
          await vi.waitFor(async () => expectRefused(lab, await holder.profile()));
          for (let again = 0; again < 5; again += 1) expectRefused(lab, await holder.profile());
        }
      });
  });
}
