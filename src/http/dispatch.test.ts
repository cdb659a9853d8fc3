/** Mounts, the default at the root, and the server's own routes, over real sockets. */

import { createServer, type IncomingMessage, request } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isAuthlabError } from '../kernel/errors.ts';
import { tellTokenLookup } from '../kernel/token-lookups.ts';
import { dispatcher } from './dispatch.ts';
import { ask, post } from './http.contract.ts';
import { type HttpServer, listen } from './http-server.ts';
import { createServerApplication, serverSegments } from './server-application.ts';
import { createStrategyApplication } from './strategy-application.ts';
import { alice, problem, toyIdentity } from './toy-server.contract.ts';
import { createToy } from './toy-strategy.contract.ts';

const servers: HttpServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop(0)));
});

async function start(options: { lab?: boolean; reasons?: readonly string[] } = {}) {
  const report = () => {};
  const toys = [createToy({ name: 'first' }), createToy({ name: 'second+cache', transport: 'cookie' })];
  const callbacks = toys.map(({ strategy }) =>
    createStrategyApplication({
      strategy,
      identity: toyIdentity,
      allowPlainHttp: true,
      trustProxy: false,
      report,
    }).callback(),
  );
  const [first, second] = callbacks;
  if (first === undefined || second === undefined) throw new Error('two toys make two callbacks');
  const server = createServerApplication({
    strategies: toys.map(({ strategy }) => strategy),
    defaultStrategy: 'second+cache',
    jwks: () => ({ keys: [{ kty: 'OKP', kid: 'k1' }] }),
    notReadyReasons: () => options.reasons ?? [],
    lab: options.lab ?? false,
    report,
  });
  const handler = dispatcher({
    strategies: new Map([
      ['first', first],
      ['second+cache', second],
    ]),
    defaultStrategy: second,
    server: server.callback(),
    serverSegments,
  });
  const listening = await listen(handler, '127.0.0.1', 0);
  servers.push(listening);
  return { port: listening.port, toys };
}

describe('mounts', () => {
  it.each([
    ['/first/auth/login', 'first-token-1', '/first'],
    ['/second+cache/auth/login', 'second+cache-token-1', '/second+cache'],
    ['/auth/login', 'second+cache-token-1', ''],
    ['/first/auth/login?x=/y', 'first-token-1', '/first'],
  ])('%s reaches its strategy', async (path, token, mountPath) => {
    const { port, toys } = await start();
    const answer = await post(port, path, alice);
    expect(answer.json).toMatchObject({ access_token: token });
    expect(toys.flatMap(({ mountPaths }) => mountPaths)).toEqual([mountPath]);
  });

  it.each([
    '/first',
    '/first?x',
    '/first/',
    '/firstly/profile',
    '/First/profile',
    '/first//profile',
    '/first%2fprofile',
  ])('%s reaches nothing', async (path) => {
    const { port, toys } = await start();
    const answer = await ask(port, path);
    expect([answer.status, answer.json]).toEqual([404, problem('not-found', 404)]);
    expect(toys.flatMap(({ mountPaths }) => mountPaths)).toEqual([]);
  });

  it('a whole URL reaches what its path names', async () => {
    const { port } = await start();
    expect((await ask(port, 'http://lab.example/first/profile')).headers['www-authenticate']).toBe(
      'Bearer realm="first"',
    );
    expect((await ask(port, 'http://lab.example?x')).status).toBe(404);
    expect((await ask(port, 'http://lab.example/strategies')).status).toBe(200);
  });

  it('leaves what belongs to a strategy to the default one at the root', async () => {
    expect(serverSegments.filter((segment) => ['auth', 'profile', 'admin', 'log'].includes(segment))).toEqual([]);
  });

  it('a target that names no path is answered', async () => {
    const { port } = await start();
    expect((await ask(port, '*', { method: 'OPTIONS' })).status).toBe(405);
    expect((await ask(port, 'profile')).status).toBe(400);
  });
});

describe('server-wide routes', () => {
  it('list the strategies with their traits and the default', async () => {
    const { port, toys } = await start();
    expect((await ask(port, '/strategies')).json).toEqual({
      default: 'second+cache',
      strategies: toys.map(({ strategy }) => ({
        name: strategy.name,
        path: `/${strategy.name}`,
        traits: JSON.parse(JSON.stringify(strategy.traits)),
      })),
    });
  });

  it('give public keys, a public resource, and signs of life', async () => {
    const { port } = await start();
    const keys = await ask(port, '/.well-known/jwks.json');
    expect(keys.headers['content-type']).toBe('application/jwk-set+json');
    expect(JSON.parse(keys.text)).toEqual({ keys: [{ kty: 'OKP', kid: 'k1' }] });
    expect((await ask(port, '/public')).status).toBe(200);
    expect((await ask(port, '/health/live')).json).toEqual({ status: 'live' });
    const ready = await ask(port, '/health/ready');
    expect([ready.status, ready.json]).toEqual([200, { status: 'ready', reasons: [] }]);
    expect(ready.headers['cache-control']).toBe('no-store');
  });

  it('say by name why the server is not ready', async () => {
    const { port } = await start({ reasons: ['catching-up'] });
    const answer = await ask(port, '/health/ready');
    expect([answer.status, answer.json]).toEqual([503, { status: 'not-ready', reasons: ['catching-up'] }]);
  });

  it('tell what the process uses only in the lab', async () => {
    const outside = await start();
    expect((await ask(outside.port, '/lab/usage')).status).toBe(404);
    const lab = await start({ lab: true });
    const usage = (await ask(lab.port, '/lab/usage')).json as Record<string, number>;
    expect(Object.keys(usage)).toEqual([
      'cpuMicros',
      'eventLoopActiveMillis',
      'eventLoopIdleMillis',
      'eventLoopTurns',
      'rssBytes',
      'atMillis',
      'requests',
    ]);
    for (const value of Object.values(usage)) expect(value).toBeGreaterThan(0);
    expect((await ask(outside.port, '/lab/heap')).status).toBe(404);
    expect((await ask(lab.port, '/lab/heap')).json).toEqual({ liveBytes: expect.any(Number) });
    for (const isHit of [false, true, true]) tellTokenLookup(isHit);
    expect((await ask(lab.port, '/lab/usage')).json).toMatchObject({ tokenLookups: 3, tokenHits: 2 });
  });

  it('know no other methods and paths', async () => {
    const { port } = await start();
    expect((await post(port, '/strategies', {})).status).toBe(405);
    expect((await ask(port, '/health', {})).status).toBe(404);
  });
});

describe('the listening socket', () => {
  it('names an address that is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const error: unknown = await listen(() => {}, '127.0.0.1', port).catch((fault: unknown) => fault);
    expect(isAuthlabError(error, 'ERR_ENVIRONMENT_PORT')).toBe(true);
    expect(String(error)).toContain(`127.0.0.1:${port}`);
    await new Promise((resolve) => other.close(resolve));
  });

  it('names an address that this machine does not have', async () => {
    await expect(listen(() => {}, '203.0.113.7', 0)).rejects.toMatchObject({ code: 'ERR_ENVIRONMENT_PORT' });
  });

  it('stops after what is running has been answered, and closes idle connections at once', async () => {
    const held: { finish?: () => void } = {};
    const server = await listen(
      (_, response) => {
        held.finish = () => response.end('done');
      },
      '127.0.0.1',
      0,
    );
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      request({ host: '127.0.0.1', port: server.port, headers: { connection: 'keep-alive' } }, resolve)
        .on('error', reject)
        .end();
    });
    await vi.waitFor(() => expect(held.finish).toBeTypeOf('function'));
    const began = performance.now();
    const stopped = server.stop(30_000);
    await expect(ask(server.port, '/')).rejects.toThrow(/ECONNREFUSED/);
    held.finish?.();
    const response = await answer;
    response.resume();
    expect(response.statusCode).toBe(200);
    await stopped;
    await server.stop(30_000);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('cuts off what takes longer than the grace', async () => {
    const seen: { request?: boolean } = {};
    const server = await listen(
      () => {
        seen.request = true;
      },
      '127.0.0.1',
      0,
    );
    const answer = ask(server.port, '/').catch((error: unknown) => error);
    await vi.waitFor(() => expect(seen.request).toBe(true));
    await server.stop(50);
    expect(await answer).toBeInstanceOf(Error);
  });
});
