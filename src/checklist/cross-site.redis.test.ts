/** Rows 15 to 20 and 23: what other sites and unprotected wires can cause, and what caches may keep. */

import { describe, expect, test } from 'vitest';
import { ask } from '../http/http.contract.ts';
import { expectAccepted, expectRefused } from '../strategies/expectations.contract.ts';
import type { Answer, Client } from '../strategies/lab-client.contract.ts';
import { traitsOf } from '../strategies/registry.ts';
import { useServers } from './checklist-server.contract.ts';
import { sidOf } from './ended.contract.ts';
import { credentialsOf, everyTransport, parseSetCookie, sendRaw } from './raw-http.contract.ts';
import { describeRow } from './row.contract.ts';

const names = everyTransport();
const mounted = { STRATEGIES: names.join(), STRATEGY: 'hybrid-hs256' };

describe('between sites', () => {
  const servers = useServers({ settings: mounted });
  const ownOrigin = () => `http://127.0.0.1:${servers.port()}`;
  const form = 'application/x-www-form-urlencoded';

  /** What a browser sends along when another site makes it ask, old browsers and forms included. */
  const foreign = (): readonly Readonly<Record<string, string>>[] => [
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site', 'content-type': 'text/plain' },
    { origin: ownOrigin(), 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'anything' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: ownOrigin().replace('http:', 'https:') },
    { origin: `${ownOrigin()}.evil.example` },
    { origin: `${ownOrigin()}1` },
    { origin: `http://evil@127.0.0.1:${servers.port()}` },
    { 'content-type': form },
    { 'content-type': 'text/plain' },
    { 'content-type': 'multipart/form-data; boundary=application/json' },
    { 'content-type': 'text/plain; application/json' },
  ];

  const changes = (client: Client, sid: string): readonly (readonly [string, string, string?])[] => {
    const passwords = JSON.stringify({ current: client.password, next: 'chosen by another site' });
    return [
      ['POST', '/auth/logout'],
      ...(client.refreshToken === undefined ? [] : [['POST', '/auth/refresh'] as const]),
      ['POST', '/auth/logout-all'],
      ['POST', '/auth/password', passwords],
      ['DELETE', `/auth/sessions/${sid}`],
    ];
  };

  /** Both sessions of the user live, and the refresh token is what it was. */
  async function expectUntouched(client: Client, other: Client): Promise<void> {
    expectAccepted(await client.profile());
    expectAccepted(await other.profile());
    expect((await client.sessions()).body.sessions).toHaveLength(2);
    if (client.refreshToken !== undefined) expect((await client.refresh()).status).toBe(200);
  }

  describeRow(15, () => {
    test.each(names)('%s', async (name) => {
      const client = await servers.loggedIn(name);
      const other = await servers.loggedIn(name, 0, client.username);
      for (const [method, path, body] of changes(client, await sidOf(other))) {
        // All of them at one route; the others stand behind the same middlewares, which some of them show.
        for (const headers of foreign().filter((_, index) => path === '/auth/logout' || index % 4 === 0)) {
          const answer = await client.send(method, path, headers, body);
          expect([403, 415], `${method} ${path} ${JSON.stringify(headers)}`).toContain(answer.status);
          expect(answer.setCookies).toEqual([]);
        }
      }
      await expectUntouched(client, other);
      for (const headers of [{ origin: ownOrigin() }, { 'sec-fetch-site': 'same-origin' }]) {
        const own = await servers.loggedIn(name);
        expect((await own.send('POST', '/auth/logout', headers)).status).toBe(204);
      }
    });
  });

  describeRow(16, () => {
    test.each(names)('%s hands out nothing that a form could carry', async (name) => {
      const client = servers.client(name);
      const login = await client.login();
      expect(
        Object.keys(login.body).filter((member) => !/^(token_type|expires_in|access_token)$/.test(member)),
      ).toEqual([]);
      expect([...login.headers.keys()].filter((field) => /csrf|xsrf/i.test(field))).toEqual([]);
      expect(client.cookieNames.filter((cookie) => /csrf|xsrf/i.test(cookie))).toEqual([]);
    });
  });

  describeRow(17, () => {
    test.each(names)('%s', async (name) => {
      const client = await servers.loggedIn(name);
      const other = await servers.loggedIn(name, 0, client.username);
      const override = { 'x-http-method-override': 'POST', 'x-method-override': 'DELETE', 'sec-fetch-site': 'none' };
      for (const [method, path] of changes(client, await sidOf(other))) {
        for (const safe of ['GET', 'HEAD', 'OPTIONS', 'TRACE']) {
          const request = { method: safe, headers: { ...credentialsOf(client, path), ...override } };
          const { status } = await ask(servers.port(), `/${name}${path}?_method=${method}`, request);
          expect([404, 405], `${safe} ${path}`).toContain(status);
        }
      }
      await expectUntouched(client, other);
    });
  });

  describeRow(18, () => {
    const serverWide = ['/public', '/strategies', '/.well-known/jwks.json', '/health/ready', '/profile'];

    test.each([...names, ''])('"%s"', async (name) => {
      const client = await servers.loggedIn(name === '' ? 'session' : name);
      const paths = name === '' ? serverWide : ['/profile', '/auth/login', '/nowhere'].map((path) => `/${name}${path}`);
      for (const origin of ['https://evil.example', 'null', `${ownOrigin()}.evil.example`, ownOrigin()]) {
        for (const path of paths) {
          const headers = { ...credentialsOf(client, '/profile'), origin };
          const preflight = { ...headers, 'access-control-request-method': 'POST' };
          for (const answer of [
            await ask(servers.port(), path, { headers }),
            await ask(servers.port(), path, { method: 'OPTIONS', headers: preflight }),
          ]) {
            expect(Object.keys(answer.headers).filter((field) => field.startsWith('access-control-'))).toEqual([]);
          }
        }
      }
    });
  });

  describeRow(19, () => {
    test.each(names)('%s', async (name) => {
      const attacker = servers.client(name);
      const json = JSON.stringify({ username: attacker.username, password: attacker.password });
      const asForm = `username=${attacker.username}&password=${attacker.password}`;
      // A form can be made to look like JSON, up to its media type.
      const asText = `${json.slice(0, -1)},"ignored":"="}`;
      for (const headers of foreign()) {
        for (const body of [asForm, asText]) {
          const answer = await attacker.send('POST', '/auth/login', headers, body);
          expect([403, 415]).toContain(answer.status);
          expect(answer.setCookies).toEqual([]);
        }
      }
      // One session: this very one.
      await attacker.login();
      expect((await attacker.sessions()).body.sessions).toHaveLength(1);
    });
  });

  describeRow(20, () => {
    test.each(names)('%s', async (name) => {
      const [client, stranger] = [servers.client(name), servers.client(name)];
      const answers: Answer[] = [
        await stranger.profile(),
        await stranger.profile({ authorization: 'Bearer x' }),
        await stranger.refresh(),
        await stranger.send('GET', '/nowhere'),
        await stranger.send('POST', '/auth/login', {}, '{}'),
        await stranger.send('POST', '/auth/login', { origin: 'https://evil.example' }, '{}'),
        await client.login(),
        await client.profile(),
        await client.profile({ 'if-none-match': '*' }),
        await client.sessions(),
        await client.send('GET', '/log'),
        ...(traitsOf(name).refresh ? [await client.refresh()] : []),
        await client.logout(),
        await client.profile(),
      ];
      for (const { status, headers } of answers) {
        expect([status, headers.get('cache-control')]).toEqual([status, 'no-store']);
        expect(headers.get('etag')).toBeNull();
      }
    });
  });
});

describeRow(23, () => {
  const forged: readonly (readonly string[])[] = [
    ['X-Forwarded-Proto: https'],
    ['Forwarded: proto=https'],
    ['X-Forwarded-Ssl: on', 'Front-End-Https: on', 'X-Url-Scheme: https', 'X-Forwarded-Protocol: https'],
    ['X-Forwarded-Proto: https', 'X-Forwarded-Host: localhost', 'X-Forwarded-Port: 443', 'X-Forwarded-For: 127.0.0.1'],
  ];
  const login = (client: Client) => JSON.stringify({ username: client.username, password: client.password });

  describe('without a proxy', () => {
    const servers = useServers({ settings: { ...mounted, PLAIN_HTTP: 'refuse' } });

    test.each(names)('%s', async (name) => {
      const body = login(servers.client(name));
      for (const headers of [[], ...forged]) {
        for (const origin of ['', 'https://localhost']) {
          const line = `POST ${origin}/${name}/auth/login`;
          const all = ['Host: localhost', 'Content-Type: application/json', ...headers];
          const answer = await sendRaw(servers.port(), line, all, body);
          expect(answer.status).toBe(403);
          expect(answer.text).not.toMatch(/^set-cookie:/im);
        }
      }
      expect((await servers.client(name).profile({ 'x-forwarded-proto': 'https' })).status).toBe(403);
    });
  });

  describe('behind a proxy that is trusted', () => {
    const servers = useServers({ settings: { ...mounted, PLAIN_HTTP: 'refuse', TRUST_PROXY: 'true' } });

    test.each(names)('%s', async (name) => {
      const client = servers.client(name);
      const secure = { 'x-forwarded-proto': 'https' };
      const answer = await client.send('POST', '/auth/login', secure, login(client));
      expect(answer.status).toBe(200);
      for (const line of answer.setCookies) expect(parseSetCookie(line).attributes.has('secure')).toBe(true);
      expectAccepted(await client.profile(secure));
      for (const headers of [{}, { 'x-forwarded-proto': 'http' }, { 'x-forwarded-proto': '' }]) {
        const plain = await client.profile(headers);
        expect([plain.status, plain.body.sub]).toEqual([403, undefined]);
        expect((await client.send('POST', '/auth/login', headers, login(client))).setCookies).toEqual([]);
      }
      expectRefused({ traits: traitsOf(name) }, await servers.client(name).profile(secure), 'nothing sent');
    });
  });
});
