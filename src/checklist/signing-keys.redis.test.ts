/** Rows 30, 46, 48 and 49 over HTTP, on a Redis of their own that can be listened to, and stopped. */

import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestRedis, type TestRedis } from '../../bench/environment/test-redis.ts';
import { ask } from '../http/http.contract.ts';
import { algorithmNames } from '../keys/algorithms.ts';
import { failsByDesign } from '../strategies/by-design.ts';
import type { Client } from '../strategies/lab-client.contract.ts';
import { traitsOf } from '../strategies/registry.ts';
import { encode } from '../tokens/forged-signatures.contract.ts';
import { ChecklistServers } from './checklist-server.contract.ts';
import { RequestPool } from './request-pool.contract.ts';
import { describeRow } from './row.contract.ts';
import { signedNames } from './token-server.contract.ts';

const stalenessMillis = 1_000;
const timeoutMillis = 300;
const names = signedNames.filter((name) => !name.includes('+'));
const clients = new Map<string, Client>();
let redis: TestRedis;
let listener: Redis;
let speaker: Redis;
let servers: ChecklistServers;
let pool: RequestPool;

/** What clients of Redis sent, scripts' own commands left out. */
const heard: (readonly string[])[] = [];

beforeAll(async () => {
  redis = await startTestRedis();
  servers = new ChecklistServers({
    settings: {
      REDIS_URL: redis.url,
      STRATEGIES: names.join(','),
      RSA_KEY_BITS: '2048',
      STALENESS_LIMIT_MILLIS: `${stalenessMillis}`,
      REDIS_TIMEOUT_MILLIS: `${timeoutMillis}`,
    },
  });
  await servers.start();
  pool = new RequestPool(servers.port());
  for (const name of names) clients.set(name, await servers.loggedIn(name));
  speaker = new Redis(redis.url);
  listener = await new Redis(redis.url, { lazyConnect: true }).monitor();
  listener.on('monitor', (_time: string, command: string[], source: string) => {
    if (source !== 'lua') heard.push(command);
  });
}, 60_000);
afterAll(async () => {
  listener.disconnect();
  speaker.disconnect();
  await pool.close();
  await servers.stop();
  await redis.close();
});

function tokenOf(name: string): string {
  const token = clients.get(name)?.accessToken;
  if (token === undefined) throw new Error(`nobody has logged in at ${name}`);
  return token;
}

async function judge(name: string, token: string): Promise<number> {
  return (await pool.send('GET', `/${name}/profile`, { authorization: `Bearer ${token}` })).status;
}

function withKid(token: string, kid: unknown): string {
  const [head = '', ...rest] = token.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as object;
  return [encode({ ...header, kid }), ...rest].join('.');
}

/** Commands that a request causes: a look-up. Beats, tails and the state of the connection go on by themselves. */
function lookUps(): readonly string[] {
  const own = new Set([
    'evalsha',
    'eval',
    'xread',
    'wait',
    'ping',
    'info',
    'config',
    'script',
    'role',
    'client',
    'hello',
  ]);
  return heard.filter(([name = '']) => !own.has(name.toLowerCase())).map((command) => command.join(' '));
}

/** A command of the test's own comes after whatever had been asked. */
async function expectNoLookUpSince(before: number): Promise<void> {
  await speaker.echo('the end');
  await vi.waitFor(() => expect(lookUps().slice(before)).toEqual(['echo the end']));
}

describeRow(30, () => {
  test('kids that are paths, queries, members of every object, or no text', async () => {
    const before = lookUps().length;
    const kids: readonly unknown[] = [
      ...['../../../../dev/null', '/proc/self/environ', "' OR 1=1--", '__proto__', 'constructor', 'toString', ''],
      ...['*', '0', 'signing-keys', 'http://127.0.0.1:9/', '\u0000', '\r\nDEL x', 'ä', 'k'.repeat(5_000)],
      ...[null, true, 0, 1, {}, [], ['kid'], { toString: 'kid' }],
    ];
    for (const name of names) {
      const token = tokenOf(name);
      for (const kid of kids) expect([name, kid, await judge(name, withKid(token, kid))]).toEqual([name, kid, 401]);
      const huge = { headers: { authorization: `Bearer ${withKid(token, 'k'.repeat(1_000_000))}` } };
      expect([name, (await ask(servers.port(), `/${name}/profile`, huge)).status]).toEqual([name, 431]);
    }
    await expectNoLookUpSince(before);
    expect(servers.faults).toEqual([]);
  });
});

describeRow(46, () => {
  test('public members alone, one kid each, alg, use; no key that is shared in secret', async () => {
    const { status, text, headers } = await pool.send('GET', '/.well-known/jwks.json');
    expect([status, headers['content-type']]).toEqual([200, 'application/jwk-set+json']);
    const { keys, ...rest } = JSON.parse(text) as { keys: readonly Readonly<Record<string, unknown>>[] };
    expect(rest).toEqual({});
    const allowed: Readonly<Record<string, readonly string[]>> = {
      RSA: ['alg', 'e', 'kid', 'kty', 'n', 'use'],
      EC: ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
      OKP: ['alg', 'crv', 'kid', 'kty', 'use', 'x'],
    };
    for (const key of keys) {
      expect(Object.keys(key).toSorted()).toEqual(allowed[String(key.kty)]);
      expect(key.use).toBe('sig');
    }
    expect(keys.map(({ alg }) => alg).toSorted()).toEqual(['ES256', 'Ed25519', 'PS256', 'RS256']);
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(algorithmNames.length - 1);
    expect(new Set(keys.map(({ n, x }) => n ?? x)).size).toBe(algorithmNames.length - 1);
    const hmacKid = JSON.parse(Buffer.from(tokenOf('jwt-hs256').split('.')[0] ?? '', 'base64url').toString()).kid;
    expect(text).not.toContain(hmacKid);
  });
});

describeRow(48, () => {
  test('2,000 kids that nobody knows cause no look-up, and good tokens are good in between', async () => {
    const before = lookUps().length;
    const refusals: number[] = [];
    const flood = Array.from({ length: 2_000 }, async (_, index) => {
      const name = names[index % names.length] ?? '';
      const kid = `unknown-${index}`.padEnd(43, 'A');
      refusals.push(await judge(name, withKid(tokenOf(name), kid)));
    });
    const stateless = names.filter((name) => traitsOf(name).redisCommandsPerCheck === 0);
    const good = stateless.map((name) => judge(name, tokenOf(name)));
    expect(new Set(await Promise.all(good))).toEqual(new Set([200]));
    await Promise.all(flood);
    expect(new Set(refusals)).toEqual(new Set([401]));
    await expectNoLookUpSince(before);
    for (const name of names) expect([name, await judge(name, tokenOf(name))]).toEqual([name, 200]);
    // What the listener would have heard of: a look-up, by those who make one.
    await vi.waitFor(() => expect(lookUps().length).toBeGreaterThan(before + 1));
  });
});

describeRow(49, () => {
  test('with Redis away: nothing new is signed, and what is not asked after is refused by S; jwt fails by design', async () => {
    redis.pause();
    const since = performance.now();
    try {
      for (const name of names) {
        const isOpen = failsByDesign(traitsOf(name), 49);
        expect([name, isOpen]).toEqual([name, traitsOf(name).withoutRedis === 'unaffected']);
        if (traitsOf(name).redisCommandsPerCheck === 0) continue;
        expect([name, await judge(name, tokenOf(name))]).toEqual([name, 503]);
      }
      await vi.waitFor(
        async () => {
          for (const name of names) {
            const expected = failsByDesign(traitsOf(name), 49) ? 200 : 503;
            expect([name, await judge(name, tokenOf(name))]).toEqual([name, expected]);
          }
        },
        { timeout: 15_000 },
      );
      expect(performance.now() - since).toBeGreaterThan(timeoutMillis);
      for (const name of ['jwt-hs256', 'hybrid-hs256']) {
        expect((await servers.client(name).login()).status).toBe(503);
        expect((await clients.get(name)?.copy().refresh())?.status).toBe(503);
      }
      const { keys } = (await ask(servers.port(), '/.well-known/jwks.json')).json as { keys: readonly object[] };
      expect(keys).toHaveLength(algorithmNames.length - 1);
      await expect(servers.listen()).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_(ENVIRONMENT|LOG)_/) });
    } finally {
      redis.resume();
    }
    await vi.waitFor(
      async () => {
        for (const name of names) expect([name, await judge(name, tokenOf(name))]).toEqual([name, 200]);
      },
      { timeout: 15_000 },
    );
  }, 45_000);
});
