/** Whole servers on one realm in Redis: they share keys, rotate them over HTTP, and refuse what does not fit. */

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { changeUserRoles } from '../application/administer-user.ts';
import { compose, type OperatorLog, type RunningServer } from '../compose.ts';
import { loadConfig } from '../config.ts';
import { connectRedisEventLog } from '../eventlog/redis-event-log.ts';
import { ask, post } from '../http/http.contract.ts';
import { labPassword } from '../identity/lab-users.ts';
import { systemClock } from '../kernel/clock.ts';
import { systemRandomBytes } from '../kernel/random.ts';

const policy = {
  accessTokenMillis: 1,
  inactivityMillis: 1,
  absoluteMillis: 1,
  leewayMillis: 0,
  skewMillis: 0,
  refreshGraceMillis: 0,
  maximumSessions: 1,
};
const patience = { timeout: 10_000, interval: 20 };
const running: RunningServer[] = [];
let realm: string;
let secret: string;

beforeEach(() => {
  realm = `keys-${randomBytes(8).toString('hex')}`;
  secret = randomBytes(32).toString('base64url');
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function start(more: Record<string, string> = {}): Promise<RunningServer> {
  const environment = {
    AUTHLAB_LAB: '1',
    AUTHLAB_PORT: '0',
    AUTHLAB_PLAIN_HTTP: 'loopback',
    AUTHLAB_REALM: realm,
    AUTHLAB_REDIS_URL: inject('redisUrl'),
    AUTHLAB_PERSISTENCE: 'any',
    AUTHLAB_SECRET: secret,
    AUTHLAB_STRATEGIES: 'jwt-es256,jwt-hs256',
    AUTHLAB_STALENESS_LIMIT_MILLIS: '400',
    AUTHLAB_BEAT_INTERVAL_MILLIS: '50',
    AUTHLAB_REDIS_TIMEOUT_MILLIS: '500',
    AUTHLAB_CLOCK_SKEW_SECONDS: '0',
    ...more,
  };
  const readFile = () => {
    throw new Error('no test reads files');
  };
  const loaded = loadConfig({ environment, flags: {}, readFile });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  const operator: OperatorLog = { fault: () => {}, diagnostic: () => {}, security: () => {} };
  const server = await compose(loaded.value, operator);
  running.push(server);
  await vi.waitFor(async () => expect((await ask(server.port, '/health/ready')).status).toBe(200), patience);
  return server;
}

async function kids({ port }: RunningServer): Promise<readonly string[]> {
  const { json } = await ask(port, '/.well-known/jwks.json');
  return (json as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
}

async function login({ port }: RunningServer, name = 'jwt-es256'): Promise<Record<string, string>> {
  const answer = await post(port, `/${name}/auth/login`, { username: 'user-000001', password: labPassword });
  return { authorization: `Bearer ${(answer.json as { access_token: string }).access_token}` };
}

const profile = async ({ port }: RunningServer, headers: Record<string, string>, name = 'jwt-es256') =>
  (await ask(port, `/${name}/profile`, { headers })).status;

describe('servers of one realm', () => {
  test('that start at once sign with the same keys, also after they have all gone', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    const tokens = await Promise.all([login(one), login(one, 'jwt-hs256')]);
    expect(await kids(two)).toEqual(await kids(one));
    expect([await profile(two, tokens[0]), await profile(two, tokens[1], 'jwt-hs256')]).toEqual([200, 200]);
    await Promise.all([one.stop(), two.stop()]);
    const three = await start();
    expect(await profile(three, tokens[0])).toBe(200);
  });

  test('publish a new key before it signs, and go on when the one that was asked is gone', async () => {
    const [asked, other] = await Promise.all([start(), start()]);
    const [old = ''] = await kids(other);
    await makeAdministrator('user-000001');
    const token = await login(other);
    const body = { algorithm: 'es256', retireOld: 'when-expired' };
    const answer = await post(asked.port, '/jwt-es256/admin/keys/rotate', body, token);
    expect(answer.status).toBe(202);
    const { kid, activatesAt } = answer.json as { kid: string; activatesAt: string };
    await vi.waitFor(async () => expect(await kids(other)).toEqual([old, kid]), patience);
    await asked.stop();
    expect(Date.now()).toBeLessThan(Date.parse(activatesAt));
    expect(kidOf(await login(other))).toBe(old);
    await vi.waitFor(async () => expect(kidOf(await login(other))).toBe(kid), patience);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(activatesAt));
    expect(await profile(other, token)).toBe(200);
  });

  test('take their key from the configuration', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const one = await start({ AUTHLAB_ES256_PRIVATE_KEY: pem });
    const { keys } = (await ask(one.port, '/.well-known/jwks.json')).json as { keys: { x?: string }[] };
    expect(keys).toEqual([expect.objectContaining({ x: privateKey.export({ format: 'jwk' }).x })]);
    expect(await kids(await start())).toEqual(await kids(one));
  });

  test('of which one has another secret: it does not start, and leaves nothing behind', async () => {
    const kid = kidOf(await login(await start()));
    const other = randomBytes(32).toString('base64url');
    await expect(start({ AUTHLAB_SECRET: other })).rejects.toMatchObject({
      code: 'ERR_INPUT_INVALID',
      faults: [{ place: 'secret', message: expect.stringContaining(`realm ${realm}`) }],
    });
    expect(await kids(await start())).toEqual([kid]);
  });

  test('of which one invents its secret: it has keys of its own, and the others do not notice', async () => {
    const one = await start();
    const [kid] = await kids(one);
    const own = await start({ AUTHLAB_SECRET: '' });
    expect(await kids(own)).not.toContain(kid);
    expect(await profile(own, await login(own))).toBe(200);
    expect(await profile(one, await login(own))).toBe(401);
    expect(await kids(one)).toEqual([kid]);
    expect((await ask(one.port, '/health/ready')).status).toBe(200);
  });

  test('without a strategy that signs have no keys, and follow nothing', async () => {
    const server = await start({ AUTHLAB_STRATEGIES: 'session' });
    expect(await kids(server)).toEqual([]);
  });
});

function kidOf({ authorization = '' }: Record<string, string>): string {
  const [header = ''] = authorization.replace('Bearer ', '').split('.');
  return JSON.parse(Buffer.from(header, 'base64url').toString()).kid;
}

async function makeAdministrator(sub: string): Promise<void> {
  const log = connectRedisEventLog({ url: inject('redisUrl'), realm, partitions: 1 });
  const context = { log, clock: systemClock, random: systemRandomBytes, policy, deadlineMillis: 2_000 };
  await changeUserRoles(context, sub, ['admin']);
  await log.close();
}
