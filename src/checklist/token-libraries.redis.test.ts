/** What has gone wrong in libraries for JWT, tried on every algorithm, library and family: the advisories are named. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { failsByDesign } from '../strategies/by-design.ts';
import { traitsOf } from '../strategies/registry.ts';
import { compactJws } from '../tokens/forged-signatures.contract.ts';
import { type Genuine, signedByJwt, signedVariously, useTokenServer } from './token-server.contract.ts';

const server = useTokenServer(signedVariously, { STALENESS_LIMIT_MILLIS: '3000' });

describe('GHSA-3j8v-cgw4-2g6q: a pattern that remembers refuses every second token', () => {
  test('a good token is good a thousand times, by each library', async () => {
    for (const name of signedByJwt) {
      const { token, sub } = server.genuine(name);
      const times = traitsOf(name).signature?.algorithm === 'HS256' ? 1_000 : 40;
      const verdicts = await Promise.all(Array.from({ length: times }, () => server.judge(name, token)));
      expect([name, verdicts.filter(({ status, body }) => status !== 200 || body.sub !== sub)]).toEqual([name, []]);
    }
  });
});

describe("CVE-2026-35039: a cache that confuses two tokens answers with another user's claims", () => {
  test('two users, and a damaged token between them, asked for at once and over and over', async () => {
    for (const name of signedVariously) {
      const [one, other] = [server.genuine(name), await server.logIn(name)];
      expect(one.sub).not.toBe(other.sub);
      const [head, payload] = other.token.split('.');
      const mixed = `${head}.${payload}.${one.token.split('.')[2]}`;
      const asked = Array.from({ length: 30 }, (_, index) => [one.token, other.token, mixed][index % 3] ?? '');
      const verdicts = await Promise.all(asked.map((token) => server.judge(name, token)));
      const said = new Map([
        [one.token, one.sub],
        [other.token, other.sub],
      ]);
      expect([name, verdicts.map(({ body }) => body.sub)]).toEqual([name, asked.map((token) => said.get(token))]);
    }
  });
});

describe('fast-jwt, cache: what was verified once is good for ever', () => {
  test('a token that was verified is refused after its session has ended, where the family can', async () => {
    await Promise.all(
      signedVariously.map(async (name) => {
        const { token } = await server.logIn(name);
        for (let turn = 0; turn < 3; turn += 1) expect((await server.judge(name, token)).status).toBe(200);
        const headers = { authorization: `Bearer ${token}` };
        expect((await server.pool.send('POST', `/${name}/auth/logout`, headers)).status).toBe(204);
        const expected = failsByDesign(traitsOf(name), 54) ? 200 : 401;
        await vi.waitFor(async () =>
          expect([name, (await server.judge(name, token)).status]).toEqual([name, expected]),
        );
      }),
    );
  });

  test('and after it has expired', () =>
    Promise.all(
      signedByJwt.map(async (name) => {
        const { header, payload, sign } = server.genuine(name);
        // The tolerance is 5 s: good for up to a second more.
        const exp = Math.floor(Date.now() / 1000) - 4;
        const token = compactJws(header, { ...payload, exp }, sign);
        await server.judge(name, token);
        await vi.waitFor(async () => expect((await server.judge(name, token)).status).toBe(401), { timeout: 5_000 });
      }),
    ));
});

describe('CVE-2025-59420: two verifiers that judge one token differently', () => {
  /** Neither plainly good nor plainly bad, all rightly signed. */
  function doubtful({ header, payload, sign }: Genuine): Readonly<Record<string, string>> {
    const text = JSON.stringify(payload);
    const bodies: Readonly<Record<string, unknown>> = {
      'as it is': payload,
      'more claims': { ...payload, admin: true, scope: 'all', act: { sub: 'x' } },
      'with blanks': ` ${JSON.stringify(payload, null, 2)}\n`,
      'members reversed': Object.fromEntries(Object.entries(payload).reverse()),
      'nbf now': { ...payload, nbf: payload.iat },
      'nbf of zero': { ...payload, nbf: 0 },
      'exp far away': { ...payload, exp: 253_402_300_799 },
      'exp beyond any clock': text.replace(`"exp":${payload.exp}`, '"exp":9007199254740993'),
      'exp as 1e10': text.replace(`"exp":${payload.exp}`, '"exp":1e10'),
      'exp with a point': text.replace(`"exp":${payload.exp}`, `"exp":${payload.exp}.0`),
      'iat ahead': { ...payload, iat: Number(payload.iat) + 600 },
      'sub twice': `{"sub":"user-000009",${text.slice(1)}`,
      'escaped names': text.replace('"sub"', '"\\u0073ub"'),
      'a byte order mark': `\uFEFF${text}`,
      'an invalid surrogate': text.replace('"roles":[', '"roles":["\\ud800",'),
      'no roles': { ...payload, roles: [] },
      'one role, no list': { ...payload, roles: 'user' },
      'jti of another shape': { ...payload, jti: 'x' },
      'deeply nested': text.replace('"roles":[', `"deep":${'['.repeat(500)}${']'.repeat(500)},"roles":[`),
      'a list': [payload],
      'text after it': `${text} x`,
    };
    const heads: Readonly<Record<string, unknown>> = {
      'header with blanks': JSON.stringify(header, null, 1),
      'header reversed': Object.fromEntries(Object.entries(header).reverse()),
      'header with more': { ...header, x: 1 },
      'header with cty': { ...header, cty: 'json' },
    };
    return {
      ...Object.fromEntries(Object.entries(bodies).map(([name, body]) => [name, compactJws(header, body, sign)])),
      ...Object.fromEntries(Object.entries(heads).map(([name, head]) => [name, compactJws(head, payload, sign)])),
    };
  }

  test('every algorithm, library and family says the same about each', async () => {
    const said = new Map<string, Map<number, string[]>>();
    for (const name of signedVariously) {
      for (const [form, token] of Object.entries(doubtful(server.genuine(name)))) {
        const { status } = await server.judge(name, token);
        const byStatus = said.get(form) ?? new Map<number, string[]>();
        said.set(form, byStatus.set(status, [...(byStatus.get(status) ?? []), name]));
      }
    }
    const divided = [...said].filter(([, byStatus]) => byStatus.size > 1);
    expect(divided.map(([form, byStatus]) => [form, Object.fromEntries(byStatus)])).toEqual([]);
    expect(said.get('as it is')?.has(200)).toBe(true);
    expect(said.get('a list')?.has(401)).toBe(true);
    expect(said.size).toBeGreaterThan(20);
  });
});

describe('CVE-2015-2951, CVE-2022-23540, CVE-2022-23541, CVE-2022-23529: what a caller leaves to the library', () => {
  const source = join(import.meta.dirname, '..');
  const production = (readdirSync(source, { recursive: true }) as string[])
    .filter((file) => file.endsWith('.ts') && !/\.(test|contract)\.ts$/.test(file))
    .map((file) => ({ file, text: readFileSync(join(source, file), 'utf8') }));
  const users = production.filter(({ text }) => /from '(?:jsonwebtoken|jose|fast-jwt)'/.test(text));

  test('one file a library, and in each the algorithm is named wherever something is verified', () => {
    const names = users.map(({ file }) => file.replaceAll('\\', '/')).toSorted();
    expect(names).toEqual(['fast-jwt', 'jose', 'jsonwebtoken'].map((name) => `tokens/libraries/${name}.ts`));
    for (const { file, text } of users) {
      const calls = text.match(/(?:jwt\.verify|jwtVerify|createVerifier)\(/g) ?? [];
      expect([file, calls.length]).toEqual([file, 1]);
      expect(text).toMatch(/algorithms(?:: |\b.*= )\[algorithm\.jws/);
    }
  });

  test('no key is looked up by a function, no token decoded without being verified, no pattern matches a claim', () => {
    for (const { text } of users) {
      expect(text).not.toMatch(
        /\bdecode\(|decodeJwt|createDecoder|createRemoteJWKSet|createLocalJWKSet|complete: true/,
      );
      expect(text).not.toMatch(/allowed(?:Aud|Iss|Sub)|key: (?:async )?\(/);
    }
  });

  test('nothing else decodes what a token says', () => {
    const decoding = production.filter(({ text }) => /split\('\.'\)[^;]*base64url|decodeProtectedHeader/.test(text));
    expect(decoding.map(({ file }) => file)).toEqual([]);
  });
});
