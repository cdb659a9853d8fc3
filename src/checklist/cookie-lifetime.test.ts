/** Row 14, and what renews a cookie: days pass, and the client keeps all that it was ever given. */

import { describe, expect, test } from 'vitest';
import { MemoryEventLog } from '../eventlog/memory-event-log.ts';
import { MemoryServer } from '../eventlog/memory-server.ts';
import { sessionCookieName } from '../strategies/cookie-names.ts';
import { expectAccepted, expectRefused } from '../strategies/expectations.contract.ts';
import type { Answer, Client } from '../strategies/lab-client.contract.ts';
import { traitsOf } from '../strategies/registry.ts';
import { loggedIn, type OpenRealm, useLab } from '../strategies/strategy-lab.contract.ts';
import { everyTransport, parseSetCookie } from './raw-http.contract.ts';
import { describeRow } from './row.contract.ts';

const policy = { accessTokenMillis: 300_000, inactivityMillis: 600_000, absoluteMillis: 1_000_000, leewayMillis: 0 };
const openRealm: OpenRealm = (clock) => {
  const server = new MemoryServer(clock);
  return { connect: () => new MemoryEventLog({ partitions: 1, clock, server }) };
};
const withSession = everyTransport().filter((name) => traitsOf(name).transport === 'cookie');

describeRow(14, () => {
  describe.each(everyTransport())('%s', (name) => {
    const lab = useLab(openRealm, name, { policy });
    const { clock, traits } = lab;

    /** What opens a door only as long as the cookie should live: the session's, or the one to refresh with. */
    const isGood = async (client: Client): Promise<boolean> => {
      if (!traits.refresh) return (await client.profile()).status === 200;
      return (await client.refresh()).status === 200;
    };

    test('unused until its end', async () => {
      const client = lab.client();
      const { setCookies } = await client.login();
      for (const line of setCookies) {
        const seconds = (Date.parse(parseSetCookie(line).attributes.get('expires') ?? '') - Date.now()) / 1_000;
        expect(Math.abs(seconds - 600)).toBeLessThan(10);
      }
      const kept = client.copy();
      clock.advance(590_000);
      expect(await isGood(client.copy())).toBe(true);
      const other = await loggedIn(lab);
      clock.advance(601_000);
      expect([await isGood(kept), await isGood(other)]).toEqual([false, false]);
    });

    test('in use, beyond what nothing extends', async () => {
      const client = await loggedIn(lab);
      for (let used = 0; used < 3; used += 1) {
        clock.advance(300_000);
        expect(await isGood(client)).toBe(true);
      }
      clock.advance(101_000);
      expectRefused(lab, await client.profile());
      expect(await isGood(client)).toBe(false);
    });
  });
});

/** Every cookie of an answer with all that is said of it but its end. */
function guardsOf({ setCookies }: Answer): readonly (readonly [string, ...(readonly string[])])[] {
  return setCookies.map(parseSetCookie).map(({ name, attributes }) => {
    const guards = [...attributes].filter(([attribute]) => attribute !== 'expires');
    return [name, ...guards.map((guard) => guard.join('='))];
  });
}

describe('koa-session', () => {
  describe.each(withSession)('%s', (name) => {
    const lab = useLab(openRealm, name, { policy });
    const { clock, traits } = lab;

    test('a renewed cookie is guarded like the first', async () => {
      const client = lab.client();
      const first = guardsOf(await client.login());
      clock.advance(400_000);
      const again = guardsOf(await client.profile());
      expect(first.length).toBeGreaterThan(0);
      expect(again).toEqual(first);
    });

    test('requests that run beside a logout, and all are due for more time, bring nothing back', async () => {
      if (traits.logoutRefuses === 'none') {
        // Nobody can end what the cookie says; that is in its traits.
        expect(traits.stateLocation).toBe('cookie');
        return;
      }
      for (let round = 0; round < 5; round += 1) {
        const client = await loggedIn(lab);
        const captured = client.copy();
        clock.advance(400_000);
        const holders = Array.from({ length: 12 }, (_, index) => captured.copy(index % 2 === 0 ? 0 : 1));
        const requests = holders.map((holder, index) => (index === 6 ? client.logout() : holder.profile()));
        const statuses = (await Promise.all(requests)).map(({ status }) => status);
        expect(statuses[6]).toBe(204);
        const everything = [captured, ...holders];
        for (const holder of everything) {
          await expect.poll(async () => (await holder.copy(1).profile()).status, { timeout: 2_000 }).toBe(401);
        }
        // The cookies that came back from the race open nothing, either.
        for (const holder of everything) expectRefused(lab, await holder.profile());
      }
    });

    test('a signature says the name too, by SHA-256', async () => {
      const client = await loggedIn(lab);
      expectAccepted(await client.profile());
      const signature = client.cookie(`${sessionCookieName(name)}.sig`);
      expect(signature === undefined).toBe(traits.signature === undefined);
      if (signature !== undefined) expect(signature).toMatch(/^[\w-]{43}$/);
    });
  });
});
