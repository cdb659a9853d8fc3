/** The client where a cookie opens everything: nothing is refreshed, and the end of the session is still told. */

import { expect, test } from 'vitest';
import { gate, json, problem, type Scripted, scripted } from './scripted-server.contract.ts';

const challenge = { 'www-authenticate': 'Cookie realm="session"' };
const refusals = {
  'invalid-token': () => problem('invalid-token', 401, { error: 'invalid_token' }, challenge),
  'no-credential': () => problem('no-credential', 401, {}, challenge),
};

async function loggedIn(): Promise<Scripted> {
  const all = scripted();
  all.server.routes.set('/auth/login', () => json(200, { token_type: 'Cookie', expires_in: 60 }));
  expect(await all.client.login('alice', 'secret')).toEqual({ tokenType: 'Cookie', expiresInSeconds: 60 });
  all.server.requests.length = 0;
  return all;
}

test.each(Object.entries(refusals))('a cookie that is refused (%s) ends the session: told once', async (_, refusal) => {
  const { server, client, losses } = await loggedIn();
  server.routes.set('/items', refusal);
  const answers = await Promise.all([client.request('/items'), client.request('/items')]);
  for (const answer of answers) expect(await answer.json()).toMatchObject({ status: 401 });
  expect(server.requests.map(({ path, token }) => [path, token])).toEqual([
    ['/items', undefined],
    ['/items', undefined],
  ]);
  expect(losses()).toBe(1);
});

test('a mistyped current password ends nothing', async () => {
  const { server, client, losses } = await loggedIn();
  server.routes.set('/auth/password', () => problem('wrong-password', 401, {}, challenge));
  await expect(client.changePassword('typo', 'next')).rejects.toMatchObject({ status: 401 });
  expect(server.requests).toHaveLength(1);
  expect(losses()).toBe(0);
});

test('a refusal that was sent before the login says nothing about the session', async () => {
  const { server, client, losses } = scripted();
  const late = gate();
  server.routes.set('/auth/login', () => json(200, { token_type: 'Cookie', expires_in: 60 }));
  server.routes.set('/items', async () => {
    await late.opened;
    return refusals['no-credential']();
  });
  const early = client.request('/items');
  await client.login('alice', 'secret');
  late.open();
  expect((await early).status).toBe(401);
  expect(losses()).toBe(0);
});

test('a challenge the page may not see counts as one of the token that was sent, else as none of ours', async () => {
  const { server, client } = scripted();
  server.routes.set('/items', ({ token }) =>
    token === server.valid ? json(200, {}) : new Response(null, { status: 401 }),
  );
  server.valid = 'unknown';
  expect((await client.request('/items')).status).toBe(401);
  expect(server.sent('/auth/refresh')).toEqual([]);
  await client.login('alice', 'secret');
  server.valid = undefined;
  expect((await client.request('/items')).status).toBe(200);
  expect(server.sent('/auth/refresh')).toHaveLength(1);
});
