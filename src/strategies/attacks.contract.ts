/** Every strategy that checks anything: credentials that were damaged, forged, borrowed from another strategy or sent the wrong way. */

import { describe, expect, test } from 'vitest';
import { compactJws, damaged, forgeriesOf, genuineSigner } from '../tokens/forged-access-tokens.contract.ts';
import { sessionCookieName } from './cookie-names.ts';
import { expectAccepted, expectRefused } from './expectations.contract.ts';
import { strategyNames, traitsOf } from './registry.ts';
import { type OpenRealm, useLab } from './strategy-lab.contract.ts';

export function describeAttacks(openRealm: OpenRealm, name: string): void {
  describe('attacks', () => {
    const others = strategyNames().filter((other) => other !== name && traitsOf(other).bound !== 'unbounded');
    const lab = useLab(openRealm, name, { beside: others });
    const cookieName = sessionCookieName(name);
    const byCookie = lab.traits.transport === 'cookie';

    test('a credential that was damaged anywhere, cut or made up is refused', async () => {
      const client = lab.client();
      await client.login();
      const genuine = client.credential;
      const wrong = [
        ...damaged(genuine, 9).map((forgery) => forgery.token),
        genuine.slice(0, -1),
        genuine.slice(0, genuine.length / 2),
        `${genuine}A`,
        'garbage',
        'null',
        '*',
        '{authlab:0}',
        '../../0.x',
        `0.${'A'.repeat(43)}`,
        `9999.${'A'.repeat(43)}`,
        'A'.repeat(6_000),
      ];
      for (const text of wrong) {
        client.credential = text;
        expectRefused(lab, await client.profile());
      }
      client.credential = genuine;
      expectAccepted(await client.profile());
    });

    test('a credential sent the other way is refused, and spoils the one beside it', async () => {
      const client = lab.client();
      await client.login();
      const asBearer = { authorization: `Bearer ${client.credential}` };
      const asCookie = { cookie: `${cookieName}=${client.credential}` };
      expectRefused(lab, await lab.client().profile(byCookie ? asBearer : asCookie));
      expectRefused(lab, await client.profile(byCookie ? asBearer : asCookie));
      expectAccepted(await client.profile());
    });

    if (byCookie)
      test('of two cookies neither wins, in whichever order; letter case counts', async () => {
        const [client, other] = [lab.client(), lab.client()];
        await client.login();
        await other.login();
        const [own, foreign] = [client.cookieHeader('/profile'), other.cookieHeader('/profile')];
        for (const cookie of [`${own}; ${foreign}`, `${foreign}; ${own}`, `${own}; ${own}`]) {
          expectRefused(lab, await lab.client().profile({ cookie }));
        }
        const lowerCase = own?.replaceAll('__Host-', '__host-') ?? '';
        expectRefused(lab, await lab.client().profile({ cookie: lowerCase }), 'nothing sent');
        expectAccepted(await lab.client().profile({ cookie: `other=1;  ${own}` }));
      });

    if (byCookie)
      test('a signature belongs to one value under one name', async () => {
        const [client, other] = [lab.client(), lab.client()];
        await client.login();
        await other.login();
        const signature = other.cookie(`${cookieName}.sig`) ?? '';
        client.setCookie(`${cookieName}.sig`, signature);
        expectRefused(lab, await client.profile());
        expectRefused(lab, await lab.client().profile({ cookie: `${cookieName}=${other.credential}` }));
        expectAccepted(await other.profile());
      });

    test.each(others)('what %s issued for the same user on the same log is refused', async (issuer) => {
      const holder = lab.client(0, issuer);
      await holder.login();
      expectAccepted(await holder.profile());
      const thief = lab.client();
      thief.credential = holder.credential;
      const signature = holder.cookie(`${sessionCookieName(issuer)}.sig`);
      if (byCookie && signature !== undefined) thief.setCookie(`${cookieName}.sig`, signature);
      expectRefused(lab, await thief.profile());
      if (!lab.traits.refresh || holder.refreshToken === undefined) return;
      thief.refreshToken = holder.refreshToken;
      expect((await thief.refresh()).status).toBe(401);
      expect((await holder.refresh()).status).toBe(200);
    });

    if (lab.traits.signature?.library === 'jsonwebtoken')
      test('no forged token is accepted', async () => {
        const { signatureKey } = lab;
        if (signatureKey === undefined) throw new Error('the lab has no such key');
        const client = lab.client();
        await client.login();
        const genuine = client.credential;
        const parts = genuine.split('.', 2).map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
        client.credential = compactJws(parts[0], parts[1], genuineSigner(signatureKey));
        expectAccepted(await client.profile());
        const forgeries = forgeriesOf(genuine, signatureKey, lab.clock.wallMillis());
        const statuses = new Map<string, number>();
        for (const { name: forgery, token } of forgeries) {
          client.credential = token;
          const { status } = await client.profile();
          // A header that is too long is turned away before the strategy sees it.
          if (status !== 401 && status !== 431) statuses.set(forgery, status);
        }
        expect([...statuses]).toEqual([]);
      });
  });
}
