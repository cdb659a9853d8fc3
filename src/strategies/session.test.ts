/** What koa-session would do on its own, and must not: bring an ended session back, adopt an id, sign with SHA-1. */

import { createHmac, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { afterEach, expect, test, vi } from 'vitest';
import { changeUserRoles } from '../application/administer-user.ts';
import type { CommandContext } from '../application/context.ts';
import { MemoryEventLog } from '../eventlog/memory-event-log.ts';
import { ManualClock } from '../kernel/clock.ts';
import { systemRandomBytes } from '../kernel/random.ts';
import { KeyRing } from '../keys/key-ring.ts';
import { createStrategy } from './registry.ts';

const day = 86_400_000;

const closers: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** An application around the session strategy whose `/slow` goes on, and may write to its session, after it has been let go. */
async function startApplication() {
  const clock = new ManualClock();
  const log = new MemoryEventLog({ partitions: 1, clock });
  const keys = new KeyRing({ secret: randomBytes(32) });
  const absoluteMillis = 2 * day;
  const policy = { accessTokenMillis: day, inactivityMillis: day, absoluteMillis };
  const commands: CommandContext = {
    log,
    clock,
    random: systemRandomBytes,
    policy: { ...policy, leewayMillis: 0, skewMillis: 0, refreshGraceMillis: 0, maximumSessions: 20 },
    deadlineMillis: 1_000,
  };
  const strategy = createStrategy('session', {
    context: commands,
    keys,
    issuer: 'https://issuer.test',
    revocations: { isRevoked: () => false, birthOf: () => null, isFresh: () => true },
    records: { read: () => null },
  });
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let arrive = (): void => undefined;
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const application = new Koa();
  Object.defineProperty(application.request, 'secure', { get: () => true });
  Object.defineProperty(application.context, 'mountPath', { value: '' });
  strategy.mount?.(application);
  application.use(async (context) => {
    const exchange = context as Koa.Context & { readonly mountPath: string };
    if (context.path === '/login') context.body = await strategy.login(exchange, { sub: 'alice', roles: ['user'] });
    if (context.path === '/logout') context.body = String(await strategy.logout(exchange));
    if (context.path === '/profile') context.body = await strategy.authenticate(exchange);
    if (context.path === '/slow') {
      await strategy.authenticate(exchange);
      arrive();
      await held;
      if (context.query.writes !== undefined) Object.assign(exchange.session, { visits: 1 });
      context.body = 'written';
    }
  });
  const server = createServer(application.callback());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const get = (path: string, cookie = '') => fetch(origin + path, { headers: { cookie, connection: 'close' } });
  return { get, letGo, arrived, keys, log, clock, commands };
}

const pairsOf = (response: Response): string[] =>
  response.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');

test('a request that outlives the logout does not bring the session back', async () => {
  const { get, letGo, arrived } = await startApplication();
  const cookie = pairsOf(await get('/login')).join('; ');
  const slow = get('/slow?writes', cookie);
  await arrived;
  await get('/logout', cookie);
  letGo();
  expect(await (await slow).text()).toBe('written');
  expect(await (await get('/profile', cookie)).json()).toEqual({ ok: false, refusal: 'invalid_token' });
});

test('a session that is given more time stays ended when it ends meanwhile', async () => {
  const { get, letGo, arrived, clock, log } = await startApplication();
  const cookie = pairsOf(await get('/login')).join('; ');
  clock.advance(0.6 * day);
  const slow = get('/slow', cookie);
  await arrived;
  await get('/logout', cookie);
  const replace = vi.spyOn(log, 'replaceRecord');
  letGo();
  expect((await slow).status).toBe(200);
  // It was tried, after the end.
  expect(replace).toHaveBeenCalledOnce();
  expect(await replace.mock.results[0]?.value).toBe(false);
  expect(await (await get('/profile', cookie)).json()).toEqual({ ok: false, refusal: 'invalid_token' });
});

test('more time does not bring back the roles that were taken meanwhile', async () => {
  const { get, letGo, arrived, clock, commands } = await startApplication();
  const cookie = pairsOf(await get('/login')).join('; ');
  clock.advance(0.6 * day);
  const slow = get('/slow', cookie);
  await arrived;
  await changeUserRoles(commands, 'alice', []);
  letGo();
  await slow;
  clock.advance(0.9 * day);
  const answer = await (await get('/profile', cookie)).json();
  expect(answer).toMatchObject({ ok: true, principal: { sub: 'alice', roles: [] } });
});

test('more time that the log refuses costs nobody their session', async () => {
  const { get, letGo, clock, log } = await startApplication();
  letGo();
  const cookie = pairsOf(await get('/login')).join('; ');
  clock.advance(0.6 * day);
  for (const way of ['request', 'reply'] as const) {
    log.faults.fail('append', way);
    expect(await (await get('/profile', cookie)).json()).toMatchObject({ ok: true });
  }
  clock.advance(0.9 * day);
  expect(await (await get('/profile', cookie)).json()).toMatchObject({ ok: true });
});

test('roles changed long after the last use bring no session back', async () => {
  const { get, clock, commands } = await startApplication();
  const cookie = pairsOf(await get('/login')).join('; ');
  clock.advance(day + 1_000);
  await changeUserRoles(commands, 'alice', ['admin']);
  expect(await (await get('/profile', cookie)).json()).toEqual({ ok: false, refusal: 'invalid_token' });
});

test('every login has an id of its own, also in the same browser', async () => {
  const { get } = await startApplication();
  const first = pairsOf(await get('/login')).join('; ');
  const second = pairsOf(await get('/login', first)).join('; ');
  expect(second).toMatch(/^__Host-authlab-session=0\.[\w-]{43}; /);
  expect(second.split(';')[0]).not.toBe(first.split(';')[0]);
  expect(await (await get('/profile', first)).json()).toEqual({ ok: false, refusal: 'invalid_token' });
  expect(await (await get('/profile', second)).json()).toMatchObject({ ok: true });
});

test('an id that the server never gave is not adopted, not even with a right signature', async () => {
  const { get, keys } = await startApplication();
  const value = `0.${randomBytes(32).toString('base64url')}`;
  const pair = `__Host-authlab-session=${value}`;
  const key = keys.secretFor('cookie/session').toString('base64url');
  const signature = createHmac('sha256', key).update(pair).digest('base64url');
  const planted = `${pair}; __Host-authlab-session.sig=${signature}`;
  expect(await (await get('/profile', planted)).json()).toEqual({ ok: false, refusal: 'invalid_token' });
  const [given = '', givenSignature = ''] = pairsOf(await get('/login', planted));
  expect(given).toMatch(/^__Host-authlab-session=0\.[\w-]{43}$/);
  expect(given).not.toBe(pair);
  // The signature is HMAC-SHA-256 over name and value.
  const expected = createHmac('sha256', key).update(given).digest('base64url');
  expect(givenSignature).toBe(`__Host-authlab-session.sig=${expected}`);
  expect(await (await get('/profile', planted)).json()).toMatchObject({ ok: false });
});

test('whoever comes without a cookie is given none, whatever they ask', async () => {
  const { get, letGo } = await startApplication();
  letGo();
  for (const path of ['/profile', '/missing']) expect(pairsOf(await get(path))).toEqual([]);
});
