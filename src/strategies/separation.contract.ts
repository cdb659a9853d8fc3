/** What one strategy has issued is accepted by no other, at no other endpoint and in no other place: all against all. */

import { beforeAll, describe, expect, test } from 'vitest';
import { sessionCookieName } from './cookie-names.ts';
import { expectAccepted, expectRefused } from './expectations.contract.ts';
import type { Client } from './lab-client.contract.ts';
import { strategyNames, traitsOf, variantNames } from './registry.ts';
import { type OpenRealm, useLab } from './strategy-lab.contract.ts';

const username = 'everywhere';

/** Of the variants one family will do: in what they share there is nothing that a family could change. */
function contestants(): readonly string[] {
  const variants = variantNames().filter((name) => traitsOf(name).bound === 'remaining-lifetime');
  return [...strategyNames(), ...variants].filter((name) => traitsOf(name).bound !== 'unbounded');
}

export function describeSeparation(openRealm: OpenRealm): void {
  describe('separation', () => {
    const names = contestants();
    const [first = '', ...beside] = names;
    const lab = useLab(openRealm, first, { beside, policy: { maximumSessions: names.length } });
    const holders = new Map<string, Client>();

    /** One user is logged in everywhere at once, on one log, before the first theft. */
    beforeAll(async () => {
      for (const name of names) {
        const holder = lab.client(0, name, username);
        await holder.login();
        holders.set(name, holder);
      }
    });

    function holderOf(name: string): Client {
      const holder = holders.get(name);
      if (holder === undefined) throw new Error(`nobody is logged in at ${name}`);
      return holder;
    }

    test.each(names)('what %s issued opens no other door', async (issuer) => {
      const holder = holderOf(issuer);
      expectAccepted(await holder.profile());
      const signature = holder.cookie(`${sessionCookieName(issuer)}.sig`);
      for (const name of names.filter((other) => other !== issuer)) {
        const traits = traitsOf(name);
        const thief = lab.client(0, name);
        thief.credential = holder.credential;
        if (traits.transport === 'cookie' && signature !== undefined) {
          thief.setCookie(`${sessionCookieName(name)}.sig`, signature);
        }
        expectRefused({ traits }, await thief.profile());
        if (!traits.refresh) continue;
        for (const token of [holder.credential, holder.refreshToken ?? '']) {
          thief.refreshToken = token;
          expect((await thief.refresh()).status).toBe(401);
        }
      }
      expectAccepted(await holder.profile());
    });

    test.each(names.filter((name) => traitsOf(name).refresh))('%s confuses no two of its own tokens', async (name) => {
      const holder = holderOf(name);
      const [accessToken, refreshToken = ''] = [holder.credential, holder.refreshToken];
      const confused = lab.client(0, name);
      confused.credential = refreshToken;
      expectRefused({ traits: traitsOf(name) }, await confused.profile());
      confused.refreshToken = accessToken;
      expect((await confused.refresh()).status).toBe(401);
      expect((await holder.refresh()).status).toBe(200);
      expectAccepted(await holder.profile());
    });
  });
}
