/** Every strategy that checks anything: credentials that were damaged, forged or sent the wrong way. */

import { describe, expect, test } from 'vitest';
import { damaged, forgeriesOf } from '../tokens/forged-access-tokens.contract.ts';
import { compactJws, genuineSigner } from '../tokens/forged-signatures.contract.ts';
import { sessionCookieName } from './cookie-names.ts';
import { expectAccepted, expectRefused } from './expectations.contract.ts';
import { type OpenRealm, useLab } from './strategy-lab.contract.ts';

export function describeAttacks(openRealm: OpenRealm, name: string): void {
  describe('attacks', () => {
    const lab = useLab(openRealm, name);
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

    if (byCookie && lab.traits.signature !== undefined)
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

    if (!byCookie && lab.traits.signature !== undefined)
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
          // Blanks around a field's value are no part of it (RFC 9110 5.5): what is left of this one is genuine.
          if (token.trim() === genuine) continue;
          client.credential = token;
          const { status } = await client.profile();
          // A header that is too long is turned away before the strategy sees it.
          if (status !== 401 && status !== 431) statuses.set(forgery, status);
        }
        expect([...statuses]).toEqual([]);
      });

    if (!byCookie && lab.traits.signature !== undefined)
      test('a token that names an unknown key is refused, unless the node may have missed that key', async () => {
        const client = lab.client();
        await client.login();
        const [, payload, signature] = client.credential.split('.');
        const header = { alg: lab.traits.signature?.algorithm, typ: 'at+jwt', kid: 'A'.repeat(43) };
        client.credential = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.${signature}`;
        expectRefused(lab, await client.profile());
        const node = lab.node(0);
        node.stale = true;
        try {
          const mayMissKeys = lab.traits.withoutRedis === 'refuses after the staleness limit';
          expect((await client.profile()).status).toBe(mayMissKeys ? 503 : 401);
        } finally {
          node.stale = false;
        }
        expectRefused(lab, await client.profile());
      });
  });
}
