/** What went wrong in Koa, its router, its sessions, and the libraries under them: tried on every kind of strategy. */

import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ask, post } from '../http/http.contract.ts';
import { KeyRing } from '../keys/key-ring.ts';
import { refreshCookieName, sessionCookieName } from '../strategies/cookie-names.ts';
import { expectAccepted, expectRefused } from '../strategies/expectations.contract.ts';
import { traitsOf } from '../strategies/registry.ts';
import { useServers } from './checklist-server.contract.ts';
import { sidOf } from './ended.contract.ts';
import { credentialsOf, everyTransport, parseSetCookie, sendRaw } from './raw-http.contract.ts';

const names = everyTransport();
const secret = randomBytes(32);
const settings = { STRATEGIES: names.join(), STRATEGY: 'hybrid-hs256', SECRET: secret.toString('base64url') };
const servers = useServers({ settings });
const bytesOf = (client: { username: string; password: string }) =>
  JSON.stringify({ username: client.username, password: client.password });

describe('koa', () => {
  const hosts = [
    'evil.example',
    'evil.example:x@127.0.0.1',
    'evil.example:80@127.0.0.1',
    '[::1]evil.example',
    'evil.example\\127.0.0.1',
    'evil.example#',
    '<script>',
    'a'.repeat(4_000),
  ];

  test.each(names)('CVE-2026-27959: %s never speaks of the host that it was called by', async (name) => {
    for (const host of hosts) {
      const client = servers.client(name);
      const headers = [`Host: ${host}`, 'X-Forwarded-Host: evil.example', 'Content-Type: application/json'];
      const login = await sendRaw(servers.port(), `POST /${name}/auth/login`, headers, bytesOf(client));
      expect([200, 400, 403, 431], host).toContain(login.status);
      expect(login.text).not.toMatch(/evil|script|aaaa/);
      for (const [, line = ''] of login.text.matchAll(/^set-cookie: (.*)$/gim)) {
        expect(parseSetCookie(line.trim()).attributes.has('domain')).toBe(false);
      }
      const token = /"access_token":"[^".]*\.([^".]*)\./.exec(login.text)?.[1];
      if (traitsOf(name).stateLocation.startsWith('token') && login.status === 200) {
        const claims = JSON.parse(Buffer.from(token ?? '', 'base64url').toString()) as Record<string, unknown>;
        expect([claims.iss, claims.aud]).toEqual(['https://authlab.invalid', name]);
      }
      for (const path of ['/.well-known/jwks.json', `/${name}/profile`]) {
        expect((await sendRaw(servers.port(), `GET ${path}`, headers)).text).not.toMatch(/evil|script|aaaa/);
      }
    }
    // With the port of its own a proof of origin is worth nothing under a name that means something else to each reader.
    const origin = `http://evil.example:${servers.port()}`;
    const headers = [
      `Host: evil.example:x@127.0.0.1:${servers.port()}`,
      `Origin: ${origin}`,
      'Content-Type: text/plain',
    ];
    expect((await sendRaw(servers.port(), `POST /${name}/auth/logout`, headers)).status).toBe(403);
    expect(servers.faults).toEqual([]);
  });

  test.each(names)('CVE-2025-8129, CVE-2025-62595: %s sends nobody where the client says', async (name) => {
    const client = servers.client(name);
    const wishes = '?next=//evil.example&redirect_uri=https://evil.example&returnTo=%5C%5Cevil.example&back=1';
    const referrers = { referer: 'https://evil.example/', referrer: 'https://evil.example/' };
    const answers = [
      await client.send('POST', `/auth/login${wishes}`, referrers, bytesOf(client)),
      await client.send('GET', `/profile${wishes}`, referrers),
      await client.send('POST', `/auth/refresh${wishes}`, referrers),
      await client.send('POST', `/auth/logout${wishes}`, referrers),
      await client.send('GET', `//evil.example/${wishes}`, referrers),
    ];
    for (const { status, headers, body } of answers) {
      expect([200, 204, 401, 404]).toContain(status);
      expect([headers.get('location'), headers.get('refresh')]).toEqual([null, null]);
      expect(JSON.stringify([...headers, body])).not.toContain('evil');
    }
  });

  describe('behind a proxy', () => {
    const proxied = useServers({ settings: { ...settings, TRUST_PROXY: 'true' } });
    const long = [
      ['X-Forwarded-Proto', `https${' '.repeat(14_000)}x`],
      ['X-Forwarded-Proto', `${','.repeat(14_000)}https`],
      ['X-Forwarded-Host', `${'\t '.repeat(7_000)}x`],
      ['X-Forwarded-For', `1${' , '.repeat(4_600)}1`],
      ['Host', `${' '.repeat(14_000)}x`],
    ] as const;

    // A pattern that tries every way to split 14,000 blanks takes a hundred times as long.
    test.each(long)('CVE-2025-25200: a %s that is tedious to read is read at once', async (field, value) => {
      const client = await proxied.loggedIn('session');
      const millis: number[] = [];
      for (let again = 0; again < 5; again += 1) {
        const headers = [...(field === 'Host' ? [] : ['Host: localhost']), `${field}: ${value}`, 'Origin: https://x'];
        const begun = performance.now();
        await sendRaw(proxied.port(), 'POST /session/auth/login', [...headers, 'Content-Type: application/json']);
        millis.push(performance.now() - begun);
      }
      expect(Math.min(...millis)).toBeLessThan(50);
      expectAccepted(await client.profile());
    });
  });
});

describe('@koa/router', () => {
  test.each(names)('CVE-2026-9495: %s lets nobody past its check, however the path is written', async (name) => {
    const client = await servers.loggedIn(name);
    const routes = [
      ['GET', '/profile'],
      ['GET', '/auth/sessions'],
      ['DELETE', `/auth/sessions/${await sidOf(client)}`],
      ['POST', '/auth/logout-all'],
      ['POST', '/auth/password'],
      ['POST', '/admin/users/user-000001/revoke'],
      ['POST', '/admin/users/user-000001/disable'],
      ['POST', '/admin/users/user-000001/roles'],
      ['POST', '/admin/keys/rotate'],
      ['GET', '/log'],
    ] as const;
    const spellings = [
      (path: string) => path,
      (path: string) => `${path}/`,
      (path: string) => `/${path}`,
      (path: string) => path.toUpperCase(),
      (path: string) => path.replace('/', '/./'),
      (path: string) => `/x/..${path}`,
      (path: string) => path.replace(/\/(\w)/, (_, first: string) => `/%${first.charCodeAt(0).toString(16)}`),
      (path: string) => `${path};x=1`,
      (path: string) => `${path}%00`,
      (path: string) => `${path}?x=/profile`,
    ];
    for (const [method, path] of routes) {
      for (const [index, spell] of spellings.entries()) {
        const line = `${method} /${name}${spell(path)}`;
        const answer = await sendRaw(servers.port(), line, ['Host: localhost', 'Content-Type: application/json'], '{}');
        expect(index === 0 ? [401] : [401, 404, 405], line).toContain(answer.status);
      }
      // Lab users are no administrators: what is for those is refused to them by name.
      if (!path.startsWith('/admin') && path !== '/log') continue;
      const headers = { ...credentialsOf(client, path), 'content-type': 'application/json' };
      const body = method === 'POST' ? '{}' : '';
      const { status } = await ask(servers.port(), `/${name}${path}`, { method, headers, body });
      expect(status, path).toBe(403);
    }
    expectAccepted(await client.profile());
  });
});

describe('keygrip and cookies', () => {
  const signed = names.filter(
    (name) => traitsOf(name).transport === 'cookie' && traitsOf(name).signature !== undefined,
  );
  const sign = (name: string, text: string, digest = 'sha256') => {
    const key = new KeyRing({ secret }).secretFor(`cookie/${name}`).toString('base64url');
    return createHmac(digest, key).update(text).digest('base64url');
  };

  test.each(signed)('%s: a signature is good for its name and value by SHA-256, and for nothing else', async (name) => {
    const client = await servers.loggedIn(name);
    const [cookieName, { credential }] = [sessionCookieName(name), client];
    const pair = `${cookieName}=${credential}`;
    const withSignature = (signature: string) =>
      servers.client(name).profile({ cookie: `${pair}; ${cookieName}.sig=${signature}` });
    expectAccepted(await withSignature(sign(name, pair)));
    const others = signed.filter((other) => other !== name);
    const wrong = [
      sign(name, pair, 'sha1'),
      sign(name, pair, 'md5'),
      sign(name, pair, 'sha512'),
      sign(name, credential),
      sign(name, `${cookieName}.sig=${credential}`),
      ...others.flatMap((other) => [sign(other, pair), sign(name, `${sessionCookieName(other)}=${credential}`)]),
      '',
      sign(name, pair).slice(0, -1),
    ];
    for (const signature of wrong) expectRefused({ traits: traitsOf(name) }, await withSignature(signature));
    for (const other of others) {
      const moved = `${sessionCookieName(other)}=${credential}`;
      const cookie = `${moved}; ${sessionCookieName(other)}.sig=${sign(name, pair)}`;
      expectRefused({ traits: traitsOf(other) }, await servers.client(other).profile({ cookie }));
    }
  });

  test.each(names)('CVE-2024-47764: no path that a client makes up gets into a cookie of %s', async (name) => {
    const mounts = [
      `/${name};x=1`,
      `/${name}%3B%20Domain=evil.example`,
      `/%${name.charCodeAt(0).toString(16)}${name.slice(1)}`,
    ];
    for (const mount of [...mounts, `/x/../${name}`, `/${name.toUpperCase()}`, `//${name}`]) {
      const answer = await post(servers.port(), `${mount}/auth/login`, bytesOf(servers.client(name)));
      const paths = (answer.headers['set-cookie'] ?? []).map((line) => parseSetCookie(line).attributes.get('path'));
      expect(paths).toEqual([]);
      expect(answer.status).toBe(404);
    }
    const login = await post(servers.port(), `/${name}/auth/login?;path=/x`, bytesOf(servers.client(name)));
    const cookies = (login.headers['set-cookie'] ?? []).map(parseSetCookie);
    for (const { name: cookieName, attributes } of cookies) {
      expect(attributes.get('path')).toBe(cookieName === refreshCookieName(name) ? `/${name}/auth` : '/');
    }
  });
});
