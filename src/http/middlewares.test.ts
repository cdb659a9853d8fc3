/** What keeps foreign sites and open wires away from the routes that carry credentials. */

import { afterEach, describe, expect, it } from 'vitest';
import { ask, post } from './http.contract.ts';
import { alice, problem, startToyServer, stopToyServers } from './toy-server.contract.ts';

afterEach(stopToyServers);

describe('requests that another site could have caused', () => {
  const paths = ['/auth/login', '/auth/refresh', '/auth/logout'];
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  it.each(
    paths.flatMap(
      (path) =>
        [
          [path, { 'sec-fetch-site': 'cross-site' }],
          [path, { 'sec-fetch-site': 'same-site' }],
          [path, { 'sec-fetch-site': '' }],
          [path, { origin: 'https://evil.example' }],
          [path, { origin: 'null' }],
          [path, { origin: 'https://127.0.0.1' }],
          [path, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site', 'content-type': 'text/plain' }],
          [path, form],
          [path, { 'content-type': 'text/plain' }],
        ] as const,
    ),
  )('%s with %j is refused', async (path, headers) => {
    const { port } = await startToyServer();
    const { access_token: token } = (await post(port, '/auth/login', alice)).json as { access_token: string };
    const answer = await post(port, path, alice, { ...headers, authorization: `Bearer ${token}` });
    expect([answer.status, answer.json]).toEqual([403, problem('cross-site-request', 403)]);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect((await ask(port, '/profile', { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
  });

  it('is told from requests of the own site by either header', async () => {
    const { port } = await startToyServer();
    for (const headers of [
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
      { origin: `http://127.0.0.1:${port}` },
      { 'content-type': 'application/json; charset=utf-8' },
    ]) {
      expect((await post(port, '/auth/login', alice, headers)).status).toBe(200);
    }
    const bare = await ask(port, '/auth/logout', { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } });
    expect(bare.status).toBe(204);
  });

  it('never gets a CORS permission', async () => {
    const { port } = await startToyServer();
    for (const origin of ['https://evil.example', 'null', 'https://127.0.0.1.evil.example']) {
      const answer = await ask(port, '/profile', { headers: { origin } });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });
});

describe('without TLS', () => {
  it('everything is refused, in words that name the settings, unless it was allowed', async () => {
    const { port, toy } = await startToyServer({ allowPlainHttp: false });
    for (const answer of [await post(port, '/auth/login', alice), await ask(port, '/profile')]) {
      expect([answer.status, answer.json]).toEqual([403, problem('plain-http-refused', 403)]);
      expect(answer.text).toMatch(/plainHttp.*trustProxy/);
    }
    expect(toy.mountPaths).toEqual([]);
  });

  it('a forged X-Forwarded-Proto changes nothing', async () => {
    const { port } = await startToyServer({ allowPlainHttp: false });
    expect((await post(port, '/auth/login', alice, { 'x-forwarded-proto': 'https' })).status).toBe(403);
  });

  it('a proxy that is trusted says whether the client used TLS', async () => {
    const { port } = await startToyServer({ allowPlainHttp: false, trustProxy: true });
    const headers = { 'x-forwarded-proto': 'https', origin: 'https://lab.example', 'x-forwarded-host': 'lab.example' };
    const answer = await post(port, '/auth/login', alice, headers);
    expect(answer.status).toBe(200);
    expect(answer.headers['set-cookie']?.[0]).toMatch(/; secure;/);
    expect((await post(port, '/auth/login', alice, { 'x-forwarded-proto': 'http' })).status).toBe(403);
  });
});
