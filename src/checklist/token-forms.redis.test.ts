/** Rows 39, 40, 43, 44 over HTTP: how a token is written and sent, whatever it says. */

import { request } from 'node:http';
import { expect, test, vi } from 'vitest';
import { failsByDesign } from '../strategies/by-design.ts';
import { sessionCookieName } from '../strategies/cookie-names.ts';
import { traitsOf } from '../strategies/registry.ts';
import { respelled } from '../tokens/forged-access-tokens.contract.ts';
import { compactJws, encode, type Forgery } from '../tokens/forged-signatures.contract.ts';
import { oneOfEachFamily } from './checklist-server.contract.ts';
import { costMillis } from './request-cost.contract.ts';
import { describeRow } from './row.contract.ts';
import { type Genuine, signedVariously, useTokenServer } from './token-server.contract.ts';

const cookieFamilies = oneOfEachFamily().filter((name) => traitsOf(name).transport === 'cookie');
const server = useTokenServer(signedVariously, {
  STRATEGIES: [...cookieFamilies, ...signedVariously].join(','),
  // hybrid-strict may wait that long for its first acknowledgement.
  STALENESS_LIMIT_MILLIS: '3000',
});

describeRow(39, () => {
  const costly = { alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2c: 2 ** 31 - 1, p2s: 'AAAAAAAAAAA' };

  function otherForms({ token, header, payload, sign }: Genuine): readonly Forgery[] {
    const [head = '', body = '', signature = ''] = token.split('.');
    const direct = encode({ alg: 'dir', enc: 'A256GCM', zip: 'DEF' });
    const serialised = { payload: body, protected: head, signature };
    const forms: Readonly<Record<string, string>> = {
      'one part': head,
      'two parts': `${head}.${body}`,
      'no signature': `${head}.${body}.`,
      'four parts': `${token}.${signature}`,
      'five parts': `${head}.${body}.${signature}.${body}.${signature}`,
      'a JWE': `${encode({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.${signature}.${body}.${body}.${signature}`,
      'a JWE that inflates': `${direct}..${body}.${body}.${signature}`,
      'a JWE that computes': `${encode(costly)}.${signature}.${body}.${body}.${signature}`,
      'a signature of a signature': compactJws({ ...header, cty: 'JWT' }, token, sign),
      'a token as the payload': compactJws(header, token, sign),
      'an empty payload': compactJws(header, '', sign),
      'a detached payload': `${head}..${signature}`,
      flattened: JSON.stringify(serialised),
      general: JSON.stringify({ payload: body, signatures: [{ protected: head, signature }] }),
      'flattened and encoded': encode(serialised),
      'claims in plain': JSON.stringify(payload),
      'claims encoded': encode(payload),
      'twice with a comma': `${token},${token}`,
      'twice with a blank': `${token} ${token}`,
      quoted: `"${token}"`,
      dots: '..',
      'many dots': '.'.repeat(2_000),
      'a part before it': `.${token}`,
    };
    return Object.entries(forms).map(([name, text]) => ({ name, token: text }));
  }

  test('everything else that JOSE knows, and what it does not know', () => server.expectAllRefused(otherForms));

  test('refusing them costs nothing, also where a password would be derived', async () => {
    const oneEach = signedVariously.filter((name) => name === 'jwt-hs256' || traitsOf(name).family !== 'jwt');
    for (const name of oneEach) {
      for (const form of otherForms(server.genuine(name))) {
        const cost = await costMillis(() => server.judge(name, form.token));
        expect([name, form.name, cost < 50]).toEqual([name, form.name, true]);
      }
    }
  });
});

/** The order of P-256: `r, n - s` is a second signature by the same key (SEC 1 4.1.3). */
const p256Order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function otherSpellings({ token, key }: Genuine): readonly string[] {
  const at = token.lastIndexOf('.') + 1;
  const [signed, signature] = [token.slice(0, at), token.slice(at)];
  const bytes = Buffer.from(signature, 'base64url');
  const plain = bytes.toString('base64');
  const texts = [respelled(signature), `${signature}=`, `${signature}==`, plain, plain.replaceAll('=', '')];
  if (key.algorithm.jws === 'ES256') {
    const s = p256Order - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
    const twin = Buffer.concat([bytes.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]);
    texts.push(twin.toString('base64url'));
  }
  return texts.filter((text) => text !== signature).map((text) => signed + text);
}

describeRow(40, () => {
  const revoking = signedVariously.filter((name) => !failsByDesign(traitsOf(name), 54));
  const es256 = signedVariously.filter((name) => traitsOf(name).signature?.algorithm === 'ES256');

  test('ES256 has two right signatures, so that a text can name no token', async () => {
    for (const name of es256) {
      const twin = otherSpellings(server.genuine(name)).at(-1) ?? '';
      expect([name, (await server.judge(name, twin)).status]).toEqual([name, 200]);
    }
  });

  test('after its session has ended, in every spelling', async () => {
    const endsForGood = async (name: string) => {
      const session = await server.logIn(name);
      const headers = { authorization: `Bearer ${session.token}` };
      expect((await server.pool.send('POST', `/${name}/auth/logout`, headers)).status).toBe(204);
      await vi.waitFor(async () => expect((await server.judge(name, session.token)).status).toBe(401));
      const spellings = otherSpellings(session);
      expect(spellings.length).toBeGreaterThan(1);
      for (const text of spellings) expect([name, (await server.judge(name, text)).status]).toEqual([name, 401]);
    };
    await Promise.all(revoking.map(endsForGood));
    expect(new Set(revoking.map((name) => traitsOf(name).family)).size).toBeGreaterThan(2);
  });
});

/** Header fields as they are listed, also twice. */
function statusOfFields(path: string, fields: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = ['Host', 'localhost', ...fields];
    const asked = request({ host: '127.0.0.1', port: server.servers.port(), path, headers, agent: false }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    asked.on('error', reject).end();
  });
}

describeRow(43, () => {
  test("a token of one's own beside a cookie of another's, and the other way about", async () => {
    for (const name of signedVariously) {
      const [own, other] = [server.genuine(name), await server.logIn(name)];
      const cookieName = sessionCookieName(name);
      for (const value of [other.token, own.token, 'x']) {
        const headers = { authorization: `Bearer ${own.token}`, cookie: `${cookieName}=${value}` };
        const { status } = await server.pool.send('GET', `/${name}/profile`, headers);
        expect([name, status]).toEqual([name, 401]);
      }
      const alone = await server.pool.send('GET', `/${name}/profile`, { cookie: `${cookieName}=${own.token}` });
      expect([name, alone.status]).toEqual([name, 401]);
    }
  });

  test.each(cookieFamilies)('%s: a session cookie beside a token', async (name) => {
    const client = await server.servers.loggedIn(name);
    for (const token of [server.genuine('jwt-hs256').token, client.credential, 'x']) {
      expect((await client.profile({ authorization: `Bearer ${token}` })).status).toBe(401);
    }
    expect((await client.profile()).status).toBe(200);
  });

  test('two tokens in one Authorization field, in two, and in the query', async () => {
    for (const name of signedVariously) {
      const [own, other] = [server.genuine(name).token, (await server.logIn(name)).token];
      for (const authorization of [
        `Bearer ${own}, Bearer ${other}`,
        `Bearer ${own} ${other}`,
        `Bearer ${own},${other}`,
      ]) {
        const { status } = await server.pool.send('GET', `/${name}/profile`, { authorization });
        expect([name, status]).toEqual([name, 401]);
      }
      for (const twice of [
        [own, other],
        [other, own],
        [own, own],
      ]) {
        const fields = twice.flatMap((token) => ['Authorization', `Bearer ${token}`]);
        expect([name, await statusOfFields(`/${name}/profile`, fields)]).toEqual([name, 400]);
      }
      const inQuery = `/${name}/profile?access_token=${own}`;
      expect([name, (await server.pool.send('GET', inQuery)).status]).toEqual([name, 401]);
    }
  });
});

describeRow(44, () => {
  test('the challenge and its error', async () => {
    for (const name of signedVariously) {
      const said = async (authorization?: string, path = '/profile') => {
        const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
        const { status, headers: answered, body } = await server.pool.send('GET', `/${name}${path}`, headers);
        return [status, answered['www-authenticate'], body.error];
      };
      const bare = [401, `Bearer realm="${name}"`, undefined];
      expect(await said()).toEqual(bare);
      expect(await said('Basic dXNlcjpwYXNzd29yZA==')).toEqual(bare);
      const refused = [401, `Bearer realm="${name}", error="invalid_token"`, 'invalid_token'];
      for (const wrong of ['Bearer x', 'Bearer', 'bearer x.y.z', 'Bearer a b'])
        expect(await said(wrong)).toEqual(refused);
      const { token } = server.genuine(name);
      const scope = [403, `Bearer realm="${name}", error="insufficient_scope"`, 'insufficient_scope'];
      expect(await said(`Bearer ${token}`, '/log')).toEqual(scope);
      expect(await said(`bearer ${token}`)).toEqual([200, undefined, undefined]);
    }
  });
});
