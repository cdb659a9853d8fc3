/** Every strategy whose sessions travel in a cookie: use keeps one alive, up to its absolute lifetime and not against its end. */

import { describe, expect, test } from 'vitest';
import { sessionCookieName } from './cookie-names.ts';
import { expectAccepted, expectBoundKept, expectRefused } from './expectations.contract.ts';
import type { Answer } from './lab-client.contract.ts';
import { type OpenRealm, useLab } from './strategy-lab.contract.ts';

/** For how long a browser would keep the session cookie of this answer, in seconds; null when it brings none. */
function cookieSeconds(name: string, { setCookies }: Answer): number | null {
  const line = setCookies.find((cookie) => cookie.startsWith(`${sessionCookieName(name)}=`));
  const expires = /; expires=([^;]+)/.exec(line ?? '')?.[1];
  return expires === undefined ? null : Math.round((Date.parse(expires) - Date.now()) / 1000);
}

export function describeSliding(openRealm: OpenRealm, name: string): void {
  describe('inactivity', () => {
    const lab = useLab(openRealm, name, { policy: { inactivityMillis: 600_000, absoluteMillis: 2_000_000 } });
    const { clock } = lab;

    test('a session that is used in time goes on, and tells the browser so', async () => {
      const client = lab.client();
      await client.login();
      const early = await client.profile();
      expectAccepted(early);
      expect(cookieSeconds(name, early)).toBeNull();
      clock.advance(599_000);
      const used = await client.profile();
      expectAccepted(used);
      expect(Math.abs((cookieSeconds(name, used) ?? 0) - 600)).toBeLessThan(3);
      clock.advance(599_000);
      for (const holder of [client.copy(0), client.copy(1)]) expectAccepted(await holder.profile());
    });

    test('a session that is not used is over', async () => {
      const client = lab.client();
      await client.login();
      expectAccepted(await client.profile());
      clock.advance(601_000);
      for (const holder of [client.copy(0), client.copy(1)]) expectRefused(lab, await holder.profile());
    });

    test('nothing keeps a session beyond its absolute lifetime', async () => {
      const client = lab.client();
      await client.login();
      for (let passed = 0; passed + 400 < 2_000; passed += 400) {
        expectAccepted(await client.profile());
        clock.advance(400_000);
      }
      // 1,600 s have passed; the next use would bring more than is left.
      const last = await client.profile();
      expectAccepted(last);
      expect(Math.abs((cookieSeconds(name, last) ?? 0) - 400)).toBeLessThan(3);
      clock.advance(398_000);
      expectAccepted(await client.profile());
      clock.advance(3_000);
      for (const holder of [client.copy(0), client.copy(1)]) expectRefused(lab, await holder.profile());
    });

    test('use is written to no event, and what was refused was not used', async () => {
      const client = lab.client();
      await client.login();
      clock.advance(500_000);
      const { log } = lab.node(0);
      const before = log.appended.length;
      expectRefused(lab, await client.profile({ authorization: 'Bearer of-something-else' }));
      expectAccepted(await client.profile());
      expect(log.appended.length).toBe(before);
      clock.advance(550_000);
      expectAccepted(await client.profile());
    });

    test('a refused request extends nothing', async () => {
      const client = lab.client();
      await client.login();
      clock.advance(590_000);
      expectRefused(lab, await client.profile({ authorization: 'Bearer of-something-else' }));
      clock.advance(20_000);
      expectRefused(lab, await client.profile());
    });

    if (lab.traits.bound !== 'remaining-lifetime')
      test('a session that is due for more time ends with its logout all the same', async () => {
        const client = lab.client();
        await client.login();
        const captured = client.copy();
        clock.advance(400_000);
        expect((await client.logout()).status).toBe(204);
        await expectBoundKept(lab, captured);
      });

    test('requests at the same time are all answered, and the session goes on', async () => {
      const client = lab.client();
      await client.login();
      clock.advance(400_000);
      const others = [client.copy(0), client.copy(1), client.copy(1)];
      for (const answer of await Promise.all([client, ...others].map((holder) => holder.profile())))
        expectAccepted(answer);
      clock.advance(550_000);
      for (const holder of [client.copy(0), client.copy(1)]) expectAccepted(await holder.profile());
    });
  });
}
