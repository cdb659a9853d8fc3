/** A server with real users, as an operator starts it: administration at the root, changed passwords, limited guesses. */

import { randomBytes } from 'node:crypto';
import { afterEach, expect, inject, test, vi } from 'vitest';
import { compose, type OperatorLog, type RunningServer } from '../compose.ts';
import { loadConfig } from '../config.ts';
import { ask, post } from '../http/http.contract.ts';

const servers: RunningServer[] = [];
const faults: unknown[] = [];
const operator: OperatorLog = { fault: (error) => void faults.push(error), diagnostic: () => {}, security: () => {} };

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop(0);
  expect(faults.splice(0)).toEqual([]);
});

const realms: { readonly realm: string; readonly secret: string }[] = [];

/** Demo users: alice, and bob who is an administrator. A number names a realm that nodes may share. */
async function start(realm = realms.length) {
  realms[realm] ??= { realm: `test-${randomBytes(8).toString('hex')}`, secret: randomBytes(32).toString('base64url') };
  const environment = {
    AUTHLAB_DEMO_USERS: '1',
    AUTHLAB_PORT: '0',
    AUTHLAB_PLAIN_HTTP: 'loopback',
    AUTHLAB_REALM: realms[realm].realm,
    AUTHLAB_SECRET: realms[realm].secret,
    AUTHLAB_REDIS_URL: inject('redisUrl'),
    AUTHLAB_PERSISTENCE: 'any',
    // A tenth of it is what a guess may take to be counted, on a busy machine too.
    AUTHLAB_REDIS_TIMEOUT_MILLIS: '10000',
    AUTHLAB_STRATEGIES: 'hybrid-hs256,reference-token',
    AUTHLAB_LOGIN_FAILURES_PER_USER_AND_ADDRESS: '3',
  };
  const loaded = loadConfig({ environment, flags: {}, readFile: () => Buffer.alloc(0) });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  const server = await compose(loaded.value, operator);
  servers.push(server);
  const { port, demoCredentials } = server;
  await vi.waitFor(async () => expect((await ask(port, '/health/ready')).status).toBe(200), { timeout: 10_000 });
  const passwordOf = (name: string) => demoCredentials.find(({ username }) => username === name)?.password ?? '';
  const login = (username: string, password = passwordOf(username), mount = '') =>
    post(port, `${mount}/auth/login`, { username, password });
  const bearerOf = async (username: string, password = passwordOf(username), mount = '') => {
    const { access_token: token } = (await login(username, password, mount)).json as { access_token: string };
    return { authorization: `Bearer ${token}` };
  };
  return { port, realm, login, bearerOf, passwordOf };
}

test('an administrator acts at the root, through the default strategy, and under a mount; others do not', async () => {
  const { port, login, bearerOf } = await start();
  const [bob, alice] = [await bearerOf('bob'), await bearerOf('alice')];
  expect((await post(port, '/admin/users/alice/disable', undefined, alice)).status).toBe(403);
  expect((await post(port, '/admin/users/alice/disable', undefined, bob)).status).toBe(204);
  expect((await login('alice')).status).toBe(401);
  await vi.waitFor(async () => expect((await ask(port, '/profile', { headers: alice })).status).toBe(401));
  const byReference = await bearerOf('bob', undefined, '/reference-token');
  expect((await post(port, '/reference-token/admin/users/alice/enable', undefined, byReference)).status).toBe(204);
  expect((await post(port, '/admin/users/alice/enable', undefined, byReference)).status).toBe(401);
  const story = await ask(port, '/log?user=alice', { headers: bob });
  expect([story.status, story.text]).toEqual([
    200,
    expect.stringMatching(/SessionStarted.*UserDisabled.*UserEnabled/s),
  ]);
  expect((await ask(port, '/log?user=alice')).status).toBe(401);
});

test('a changed password counts at once, by every strategy, until the demo is started anew', async () => {
  const { port, realm, login, bearerOf, passwordOf } = await start();
  const alice = await bearerOf('alice');
  const next = 'something with fifteen characters';
  const changed = await post(port, '/auth/password', { current: passwordOf('alice'), next }, alice);
  expect(changed.status).toBe(204);
  expect((await login('alice', undefined, '/reference-token')).status).toBe(401);
  expect((await login('alice', next, '/reference-token')).status).toBe(200);
  const again = await start(realm);
  expect([(await again.login('alice', next)).status, (await again.login('alice')).status]).toEqual([401, 200]);
});

test('guesses are limited over all strategies and nodes', async () => {
  const [first, second] = [await start(), await start(realms.length - 1)];
  // A node counts for itself until its connection is up.
  for (const node of [first, second]) {
    await vi.waitFor(async () => expect((await node.login('bob')).status).toBe(200));
  }
  const statuses: number[] = [];
  for (const node of [first, second]) {
    for (const mount of ['', '/reference-token'])
      statuses.push((await node.login('alice', 'wrong horse', mount)).status);
  }
  expect(statuses).toEqual([401, 401, 401, 429]);
  expect((await first.login('alice')).status).toBe(429);
  expect((await first.login('bob')).status).toBe(200);
});
