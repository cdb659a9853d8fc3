/** Every strategy: what a logout ends, how soon, and what happens while the log is away. */

import { describe, expect, test } from 'vitest';
import { sessionCookieName } from './cookie-names.ts';
import { expectAccepted, expectBoundKept, expectLivesOn, expectRefused } from './expectations.contract.ts';
import { type OpenRealm, useLab } from './strategy-lab.contract.ts';

export function describeRevocation(openRealm: OpenRealm, name: string): void {
  describe('logout', () => {
    const lab = useLab(openRealm, name);
    const checks = lab.traits.bound !== 'unbounded';

    test('ends the session at every node within the published bound, and no other', async () => {
      const [client, other] = [lab.client(), lab.client(1)];
      await client.login();
      await other.login(client.username);
      const captured = client.copy();
      const logout = await client.logout();
      expect(logout.status).toBe(204);
      await expectBoundKept(lab, captured);
      await expectLivesOn(lab, other);
    });

    test('takes every cookie back', async () => {
      const client = lab.client();
      await client.login();
      await client.logout();
      expect(client.cookieNames).toEqual([]);
    });

    test('is a success when there is nothing to end', async () => {
      const client = lab.client();
      await client.login();
      const captured = client.copy();
      for (const again of [client, client.copy(1), captured.copy(1), lab.client()])
        expect((await again.logout()).status).toBe(204);
      const garbage = lab.client();
      garbage.credential = 'garbage';
      garbage.refreshToken = 'garbage';
      expect((await garbage.logout()).status).toBe(204);
      await expectBoundKept(lab, captured);
    });

    test('a login afterwards starts a session that lives', async () => {
      const client = lab.client();
      await client.login();
      await client.logout();
      await client.login();
      expectAccepted(await client.profile());
      expectAccepted(await client.copy(1).profile());
    });

    if (lab.traits.transport === 'cookie')
      test('a wrong signature or a second cookie ends nothing', async () => {
        const client = lab.client();
        await client.login();
        const cookie = `${sessionCookieName(name)}=${client.credential}`;
        const signature = `${sessionCookieName(name)}.sig`;
        const unsigned = [cookie, `${cookie}; ${signature}=x`].filter(() => lab.traits.signature !== undefined);
        for (const header of [...unsigned, `${client.cookieHeader('/')}; ${cookie}`]) {
          expect((await lab.client().send('POST', '/auth/logout', { cookie: header })).status).toBe(204);
        }
        expectAccepted(await client.profile());
      });

    test('while the log is away it never says done, and the client can try again', async () => {
      const client = lab.client();
      await client.login();
      lab.node(0).log.away = true;
      const failed = await client.logout().finally(() => {
        lab.node(0).log.away = false;
      });
      expect(failed.status).toBe(checks ? 503 : 204);
      expect(failed.setCookies).toEqual([]);
      expectAccepted(await client.profile());
      const captured = client.copy();
      expect((await client.logout()).status).toBe(204);
      await expectBoundKept(lab, captured);
    });
  });

  describe('without the log', () => {
    const lab = useLab(openRealm, name);
    const { withoutRedis } = lab.traits;

    test('a check does what the traits say, and recovers by itself', async () => {
      const client = lab.client();
      await client.login();
      // What a node may remember, it has heard of before.
      expectAccepted(await client.profile());
      const node = lab.node(0);
      node.log.away = true;
      node.stale = true;
      const without = await client.profile();
      expect(without.status).toBe(withoutRedis === 'unaffected' ? 200 : 503);
      expect(without.headers.has('retry-after')).toBe(withoutRedis !== 'unaffected');
      node.stale = false;
      expect((await client.profile()).status).toBe(withoutRedis === 'refuses' ? 503 : 200);
      node.log.away = false;
      expectAccepted(await client.profile());
    });

    test('what needs no look-up is refused all the same', async () => {
      const client = lab.client();
      lab.node(0).log.away = true;
      lab.node(0).stale = true;
      expectRefused(lab, await client.profile(), 'nothing sent');
      client.credential = 'garbage';
      expectRefused(lab, await client.profile());
      lab.node(0).log.away = false;
      lab.node(0).stale = false;
    });

    test('nobody logs in', async () => {
      const client = lab.client();
      lab.node(0).log.away = true;
      const login = await client.login();
      lab.node(0).log.away = false;
      expect(login.status).toBe(503);
      expect(login.setCookies).toEqual([]);
    });
  });
}
