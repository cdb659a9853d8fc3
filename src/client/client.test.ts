/** The client's methods against a scripted server: what is sent, what is made of the answers, and what is never shown. */

import { inspect } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { createClient } from './client.ts';
import { ClientError } from './client-error.ts';
import { gate, json, problem, scripted, unavailable, withOldToken } from './scripted-server.contract.ts';

const wrongPassword = () => problem('wrong-password', 401, {}, { 'www-authenticate': 'Bearer realm="x"' });
const noContent = () => new Response(null, { status: 204 });

describe('methods', () => {
  test('login keeps the token to itself and sends it from then on', async () => {
    const { server, client } = scripted();
    expect(await client.login('alice', 'secret')).toEqual({ tokenType: 'Bearer', expiresInSeconds: 900 });
    const [login] = server.requests;
    expect(login).toMatchObject({ method: 'POST', path: '/auth/login', token: undefined });
    expect(login?.init).toMatchObject({ body: '{"username":"alice","password":"secret"}', redirect: 'error' });
    expect(await client.profile()).toEqual({ sub: 'alice', sid: '0.1', roles: ['user'] });
    expect(server.requests.at(-1)?.token).toBe('token-1');
  });

  test('a wrong password is told, and refreshes nothing', async () => {
    const { server, client, losses } = scripted();
    server.routes.set('/auth/login', wrongPassword);
    const fault = await client.login('alice', 'guess').catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(ClientError);
    expect(fault).toMatchObject({ status: 401, problem: { type: 'urn:authlab:problem:wrong-password', status: 401 } });
    expect(server.requests).toHaveLength(1);
    expect(losses()).toBe(0);
  });

  test('a fault says when to try again, where the server does', async () => {
    const { server, client } = scripted();
    const later = (retryAfter: string) => () => problem('too-many-attempts', 429, {}, { 'retry-after': retryAfter });
    server.routes.set('/auth/login', later('30'));
    await expect(client.login('alice', 'guess')).rejects.toMatchObject({ status: 429, retryAfterSeconds: 30 });
    server.routes.set('/auth/login', later('Wed, 21 Oct 2026 07:28:00 GMT'));
    await expect(client.login('alice', 'guess')).rejects.toMatchObject({ status: 429, retryAfterSeconds: undefined });
  });

  test('an answer without problem details is a fault of its status, one that is no grant too', async () => {
    const { server, client } = scripted();
    server.routes.set('/auth/login', () => new Response('<html>', { status: 502 }));
    await expect(client.login('alice', 'secret')).rejects.toMatchObject({
      status: 502,
      problem: { type: 'about:blank' },
    });
    server.routes.set('/auth/login', () => json(200, { token_type: 'Bearer', expires_in: 900 }));
    await expect(client.login('alice', 'secret')).rejects.toMatchObject({ name: 'ClientError', status: 200 });
    server.routes.set('/profile', () => json(200, { sub: 7, roles: [] }));
    await expect(client.profile()).rejects.toMatchObject({ name: 'ClientError', status: 200 });
  });

  test('sessions are listed and ended one by one', async () => {
    const { server, client } = scripted();
    await client.login('alice', 'secret');
    const session = { sid: '0.1', strategy: 'jwt-hs256', startedAt: 'a', expiresAt: 'b', current: true };
    server.routes.set('/auth/sessions', () => json(200, { sessions: [session] }));
    server.routes.set('/auth/sessions/0.1%2F..', noContent);
    expect(await client.sessions()).toEqual([session]);
    await client.endSession('0.1/..');
    expect(server.requests.at(-1)).toMatchObject({ method: 'DELETE', token: 'token-1' });
    server.routes.set('/auth/sessions', () => json(200, { sessions: [{ sid: '0.1' }] }));
    await expect(client.sessions()).rejects.toMatchObject({ status: 200 });
    server.routes.set('/auth/sessions/0.2', () => problem('not-found', 404));
    await expect(client.endSession('0.2')).rejects.toMatchObject({ status: 404 });
  });

  test('a mistyped current password is not a matter of tokens: asked once, and the session goes on', async () => {
    const { server, client, losses } = scripted();
    await client.login('alice', 'secret');
    server.routes.set('/auth/password', wrongPassword);
    await expect(client.changePassword('typo', 'next')).rejects.toMatchObject({ status: 401 });
    expect(server.sent('/auth/password').map(({ init }) => init.body)).toEqual(['{"current":"typo","next":"next"}']);
    expect(server.sent('/auth/refresh')).toEqual([]);
    server.routes.set('/auth/password', noContent);
    await client.changePassword('secret', 'next');
    await expect(client.profile()).resolves.toBeDefined();
    expect(losses()).toBe(0);
  });

  test('what changes credentials renews an old token first', async () => {
    const { server, client } = await withOldToken();
    for (const [path, call] of [
      ['/auth/password', () => client.changePassword('secret', 'next')],
      ['/auth/logout-all', () => client.logoutAll()],
    ] as const) {
      server.valid = undefined;
      server.requests.length = 0;
      await call();
      expect(server.requests.map((sent) => sent.path)).toEqual([path, '/auth/refresh', path]);
    }
  });

  test('a page that starts anew takes its session up again by the refresh cookie', async () => {
    const { server, client } = scripted();
    expect((await client.request('/items')).status).toBe(200);
    expect(server.requests.map(({ path, token }) => [path, token])).toEqual([
      ['/items', undefined],
      ['/auth/refresh', undefined],
      ['/items', 'token-1'],
    ]);
  });
});

describe('logging out', () => {
  test.each(['logout', 'logoutAll'] as const)('%s drops the token; nothing is refreshed or told', async (method) => {
    const { server, client, losses } = scripted();
    server.routes.set('/auth/logout-all', noContent);
    await client.login('alice', 'secret');
    await client[method]();
    expect(server.requests.at(-1)?.token).toBe('token-1');
    expect((await client.request('/items')).status).toBe(401);
    expect(server.requests.at(-1)).toMatchObject({ path: '/items', token: undefined });
    expect(losses()).toBe(0);
  });

  test.each(['logout', 'logoutAll'] as const)('%s that fails leaves the session as it is', async (method) => {
    const { server, client } = scripted();
    await client.login('alice', 'secret');
    server.routes.set('/auth/logout', unavailable);
    server.routes.set('/auth/logout-all', unavailable);
    await expect(client[method]()).rejects.toMatchObject({ status: 503 });
    await expect(client.profile()).resolves.toMatchObject({ sub: 'alice' });
  });

  test('while a refresh is under way it comes after it, and the new token ends with the session', async () => {
    const { server, client, losses } = await withOldToken();
    const answered = gate();
    server.refreshes.push(async () => {
      await answered.opened;
      return server.issue();
    });
    const request = client.request('/items');
    await vi.waitFor(() => expect(server.sent('/auth/refresh')).toHaveLength(1));
    const logout = client.logout();
    answered.open();
    await logout;
    expect(server.sent('/auth/logout').map(({ token }) => token)).toEqual(['token-2']);
    expect([200, 401]).toContain((await request).status);
    expect((await client.request('/items')).status).toBe(401);
    expect(server.requests.at(-1)?.token).toBeUndefined();
    expect(server.sent('/auth/refresh')).toHaveLength(1);
    expect(losses()).toBe(0);
  });

  test('a request refused while the logout is under way waits for it and refreshes nothing', async () => {
    const { server, client, losses } = await withOldToken();
    const answered = gate();
    server.routes.set('/auth/logout', async () => {
      await answered.opened;
      return noContent();
    });
    const logout = client.logout();
    await vi.waitFor(() => expect(server.sent('/auth/logout')).toHaveLength(1));
    const request = client.request('/items');
    await vi.waitFor(() => expect(server.sent('/items')).toHaveLength(1));
    answered.open();
    await logout;
    expect((await request).status).toBe(401);
    expect(server.requests.map(({ path }) => path)).toEqual(['/auth/logout', '/items']);
    expect(losses()).toBe(0);
  });
});

describe('the access token', () => {
  test('is in no property, text or inspection of the client, and in no URL', async () => {
    const { server, client } = await withOldToken();
    await client.profile();
    const shown = inspect(client, { depth: 10, showHidden: true }) + JSON.stringify(client);
    expect(shown).not.toContain('token-');
    expect(server.requests.every(({ path }) => !path.includes('token-'))).toBe(true);
  });

  test('goes to the mount alone, whatever path is asked for', async () => {
    const urls: string[] = [];
    const client = createClient({
      baseUrl: 'https://api.test/base/',
      fetch: async (url) => {
        urls.push(String(url));
        return json(200, { token_type: 'Bearer', expires_in: 1, access_token: 'a' });
      },
    });
    await client.login('alice', 'secret');
    for (const path of ['//evil.test/', '/\\evil.test/', '/\t/evil.test', '/@evil.test/']) await client.request(path);
    expect(urls.map((url) => new URL(url).origin)).toEqual(urls.map(() => 'https://api.test'));
    expect(urls[0]).toBe('https://api.test/base/auth/login');
    for (const path of ['@evil.test/', '.evil.test/', 'https://evil.test/', '']) {
      await expect(client.request(path)).rejects.toThrow(TypeError);
    }
  });

  test("gives way to a credential of the caller's own", async () => {
    const { server, client } = await withOldToken();
    const answer = await client.request('/items', { headers: { Authorization: 'Bearer own' } });
    expect(answer.status).toBe(401);
    expect(server.requests.map(({ path, token }) => [path, token])).toEqual([['/items', 'own']]);
  });
});

test.each(['/relative', 'ftp://api.test', 'nonsense'])('no base URL: %s', (wrong) => {
  expect(() => createClient({ baseUrl: wrong })).toThrow(TypeError);
});

test('cookies travel to the same origin unless told otherwise', async () => {
  for (const credentials of ['same-origin', 'include'] as const) {
    const { server, client } = scripted(credentials === 'include' ? { credentials } : {});
    await client.login('alice', 'secret');
    await client.request('/items');
    await client.request('/items', { credentials: 'omit' });
    expect(server.requests.map(({ init }) => init.credentials)).toEqual([credentials, credentials, 'omit']);
  }
});

test('a caller who gives up waiting leaves the refresh to the others', async () => {
  const { server, client } = await withOldToken();
  const answered = gate();
  server.refreshes.push(async () => {
    await answered.opened;
    return server.issue();
  });
  const controller = new AbortController();
  const [impatient, patient] = [client.request('/a', { signal: controller.signal }), client.request('/b')];
  await vi.waitFor(() => expect(server.sent('/auth/refresh')).toHaveLength(1));
  controller.abort(new Error('enough'));
  await expect(impatient).rejects.toThrow('enough');
  answered.open();
  expect((await patient).status).toBe(200);
  expect(server.sent('/a')).toHaveLength(1);
});
