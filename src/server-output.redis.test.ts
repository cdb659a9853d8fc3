/**
 * Nothing a server writes holds a credential (SECURITY rows 7, 50, 80): every route of every strategy, with credentials
 * where they belong, broken, and where they do not belong; then once more while Redis is away.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startTestRedis, type TestRedis } from '../bench/environment/test-redis.ts';
import { type Answer, ask, post, type Question } from './http/http.contract.ts';
import { hashPassword } from './identity/password-users.ts';
import { strategyNames, traitsOf } from './strategies/registry.ts';

const program = join(import.meta.dirname, '../dist/src/server.js');
const word = (name: string) => `${name}-${randomBytes(9).toString('base64url')}`;
const alice = { username: 'alice', password: word('right-password') };
const rootSecret = randomBytes(32).toString('base64url');
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** Whatever may not be written, with the place it came from. */
const secrets = new Map<string, string>([
  [alice.password, 'password'],
  [rootSecret, 'root secret'],
  ...pem
    .split('\n')
    .filter((line) => line.length === 64)
    .map((line): [string, string] => [line, 'private key']),
]);

let redis: TestRedis;
let folder: string;
let server: ChildProcess;
let port = 0;
let output = '';

beforeAll(async () => {
  redis = await startTestRedis();
  folder = mkdtempSync(join(tmpdir(), 'authlab-output-'));
  const passwordHash = await hashPassword(alice.password);
  secrets.set(passwordHash, 'password hash');
  const usersFile = join(folder, 'users.yaml');
  writeFileSync(usersFile, JSON.stringify({ users: [{ username: alice.username, passwordHash, roles: ['admin'] }] }));
  const env = {
    PATH: process.env.PATH,
    AUTHLAB_PORT: '0',
    AUTHLAB_PLAIN_HTTP: 'loopback',
    AUTHLAB_REDIS_URL: redis.url,
    AUTHLAB_PERSISTENCE: 'any',
    AUTHLAB_SECRET: rootSecret,
    AUTHLAB_RS256_PRIVATE_KEY: pem,
    AUTHLAB_USERS_FILE: usersFile,
    AUTHLAB_LOG_LEVEL: 'debug',
    AUTHLAB_LOGIN_FAILURES_PER_ADDRESS: '100000',
    AUTHLAB_MAXIMUM_SESSIONS_PER_USER: '100',
  };
  server = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [server.stdout, server.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  await vi.waitFor(() => expect(output).toMatch(/"event":"listening"/), { timeout: 15_000 });
  port = Number(/"event":"listening".*?"port":(\d+)/.exec(output)?.[1]);
  await vi.waitFor(async () => expect((await ask(port, '/health/ready')).status).toBe(200), { timeout: 15_000 });
}, 40_000);
afterAll(async () => {
  server.kill('SIGKILL');
  await redis.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Credentials {
  readonly bearer: string | undefined;
  readonly cookie: string;
  /** Each by itself: the token, and the value of each cookie. */
  readonly all: readonly string[];
}

async function logIn(mount: string): Promise<Credentials> {
  const answer = await post(port, `${mount}/auth/login`, alice);
  expect([mount, answer.status]).toEqual([mount, 200]);
  return credentialsOf(answer, mount);
}

function credentialsOf({ json, headers }: Answer, from: string): Credentials {
  const { access_token: bearer } = json as { access_token?: string };
  const cookies = (headers['set-cookie'] ?? [])
    .map((line) => line.split(';')[0] ?? '')
    .filter((pair) => !pair.endsWith('='));
  const values = cookies.map((pair) => pair.slice(pair.indexOf('=') + 1));
  const all = [...(bearer === undefined ? [] : [bearer]), ...values];
  for (const one of all) remember(one, from);
  return { bearer, cookie: cookies.join('; '), all };
}

/** The credential, what it is made of, and what the server keeps of it. */
function remember(credential: string, from: string): void {
  // The 22 characters of a session id, which stand in a refresh token too, name a session in logs and open nothing.
  const parts = credential.split('.').filter((part) => part.length > 22);
  for (const text of [credential, decodeURIComponent(credential), ...parts]) {
    secrets.set(text, from);
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      secrets.set(createHash('sha256').update(text).digest(encoding), `digest, ${from}`);
    }
  }
}

const json = { 'content-type': 'application/json' };

/** Every route under a mount, with a body that fits it. */
const routes: readonly (readonly [method: string, path: string, body?: object])[] = [
  ['GET', '/profile'],
  ['POST', '/auth/refresh'],
  ['GET', '/auth/sessions'],
  ['DELETE', '/auth/sessions/0.AAAAAAAAAAAAAAAAAAAAAA'],
  ['POST', '/auth/password', { current: 'wrong', next: 'short' }],
  ['GET', '/log?user=alice'],
  ['POST', '/admin/users/bob/revoke', {}],
  ['POST', '/admin/users/bob/disable', {}],
  ['POST', '/admin/users/bob/enable', {}],
  ['POST', '/admin/users/bob/roles', { roles: ['user'] }],
  ['POST', '/admin/keys/rotate', { algorithm: 'no-such' }],
  ['POST', '/auth/logout'],
  ['POST', '/auth/logout-all'],
];

/** The ways in which a credential is sent: right, damaged, and where it does not belong. */
function* misplaced(credential: string): Generator<Question & { readonly suffix?: string }> {
  const safe = encodeURIComponent(credential);
  yield { headers: { authorization: `Bearer ${credential}x` } };
  yield { headers: { authorization: `Bearer ${credential.slice(0, -1)}` } };
  yield { headers: { authorization: `Basic ${credential}` } };
  yield { headers: { authorization: `Bearer ${credential}`, cookie: `__Host-session=${safe}` } };
  yield { headers: { cookie: `__Host-x=${safe}; a=${safe}; ${safe}`, 'x-forwarded-for': safe, 'user-agent': safe } };
  yield { suffix: `?access_token=${safe}&token=${safe}&sid=${safe}` };
  yield { suffix: `/${safe}` };
  yield { headers: json, body: `{"username": "${credential}", "password": ` };
}

async function drive(mount: string, credentials: Credentials): Promise<void> {
  const { bearer, cookie } = credentials;
  const right = { ...(bearer && { authorization: `Bearer ${bearer}` }), ...(cookie && { cookie }) };
  for (const [method, path, body] of routes) {
    for (const credential of credentials.all) {
      for (const { suffix = '', headers = {}, body: wrongBody } of misplaced(credential)) {
        const text = wrongBody ?? (body && JSON.stringify(body));
        await ask(port, `${mount}${path}${suffix}`, {
          method,
          headers: { ...json, ...headers },
          ...(text && { body: text }),
        });
      }
    }
    const answer = await ask(port, `${mount}${path}`, {
      method,
      headers: { ...json, ...right },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (path === '/auth/refresh' && answer.status === 200) credentialsOf(answer, `${mount} refreshed`);
  }
}

async function guess(mount: string, { all }: Credentials): Promise<void> {
  const wrong = word('wrong-password');
  secrets.set(wrong, 'wrong password');
  await post(port, `${mount}/auth/login`, { username: 'mallory', password: wrong });
  await post(port, `${mount}/auth/login?password=${wrong}`, `{"username":"mallory","password":"${wrong}"`);
  await post(port, `${mount}/auth/login`, { username: wrong });
  for (const credential of all) await post(port, `${mount}/auth/login`, { username: 'mallory', password: credential });
}

/** A refresh token comes back when its successor has been used: reported, and not shown. */
async function reuse(mount: string): Promise<void> {
  const first = await logIn(mount);
  let cookie = first.cookie;
  for (let turn = 0; turn < 2; turn += 1) {
    const answer = await post(port, `${mount}/auth/refresh`, undefined, { cookie });
    expect(answer.status).toBe(200);
    ({ cookie } = credentialsOf(answer, `${mount} refreshed`));
  }
  expect((await post(port, `${mount}/auth/refresh`, undefined, { cookie: first.cookie })).status).toBe(401);
}

function found(text: string): readonly string[] {
  return [...secrets].filter(([secret]) => text.includes(secret)).map(([, from]) => from);
}

it('writes no credential, whatever it is sent, with Redis and without', { timeout: 240_000 }, async () => {
  const mounts = strategyNames().map((name) => `/${name}`);
  const held: [string, Credentials][] = [];
  for (const mount of mounts) {
    const credentials = await logIn(mount);
    held.push([mount, credentials]);
    await guess(mount, credentials);
    await drive(mount, credentials);
  }
  for (const path of ['/metrics', '/strategies', '/health/ready', '/health/live', '/.well-known/jwks.json']) {
    const { status, text } = await ask(port, path);
    expect([path, status, found(text)]).toEqual([path, 200, []]);
  }
  await reuse(mounts.find((mount) => traitsOf(mount.slice(1)).refresh) ?? '');
  const { cookie } = await logIn('/session');
  expect((await post(port, '/session/admin/users/alice/revoke', {}, { cookie })).status).toBe(204);
  // What was meant to be told has been: a test that greps an empty log proves nothing.
  for (const event of [
    'RefreshTokenReuseDetected',
    'LoginLimited',
    'UserDisabled',
    'UserRolesChanged',
    'AllSessionsTerminated',
    'SigningKeyAdded',
  ]) {
    expect(output.includes(`"event":"${event}"`), event).toBe(true);
  }
  await redis.close();
  for (const [mount, credentials] of held.slice(0, 12)) await drive(mount, credentials);
  await vi.waitFor(() => expect(output.includes('"event":"contact-lost"')).toBe(true));
  const ended = new Promise((resolve) => server.once('close', resolve));
  server.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(secrets.size).toBeGreaterThan(mounts.length * 4);
  expect(found(output)).toEqual([]);
});
