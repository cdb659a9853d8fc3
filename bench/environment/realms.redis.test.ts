/** Tidying up in someone else's Redis, and reading what a Redis has spent. */

import type { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { systemRandomBytes } from '../../src/kernel/random.ts';
import { randomRealm, removeRealm } from './realms.ts';
import { connectRedis } from './redis-client.ts';
import { redisUsageBetween, usageOfRedis } from './redis-usage.ts';
import { startTestRedis, type TestRedis } from './test-redis.ts';

describe('removing a realm', () => {
  let client: Redis;

  beforeEach(async () => {
    client = await connectRedis(inject('redisUrl'));
  });

  afterEach(() => client.disconnect());

  test('takes all of its keys and no other', async () => {
    const realm = randomRealm(systemRandomBytes);
    const keys = Array.from({ length: 1_500 }, (_, user) => `authlab:{${realm}:${user % 3}}:user:${user}`);
    const others = [`authlab:{${realm}x:0}:meta`, `authlab:{x${realm}:0}:meta`, `${realm}:0`];
    await client.mset(...[...keys, ...others].flatMap((key) => [key, '1']));
    await expect(removeRealm(inject('redisUrl'), realm)).resolves.toBe(keys.length);
    expect(await client.exists(...keys)).toBe(0);
    expect(await client.del(...others)).toBe(others.length);
  });

  test('takes its name as it is written, not as a pattern', async () => {
    const realm = `${randomRealm(systemRandomBytes)}[a-z]*`;
    const bystander = `authlab:{${realm.replace('[a-z]*', 'b')}:0}:meta`;
    await client.mset(`authlab:{${realm}:0}:meta`, '1', bystander, '1');
    await expect(removeRealm(inject('redisUrl'), realm)).resolves.toBe(1);
    expect(await client.del(bystander)).toBe(1);
  });
});

describe('what Redis has spent', () => {
  let redis: TestRedis;
  let client: Redis;

  beforeEach(async () => {
    redis = await startTestRedis();
    client = await connectRedis(redis.url);
  });

  afterEach(async () => {
    client.disconnect();
    await redis.close();
  });

  test('is nothing when nothing was asked of it', async () => {
    const before = await usageOfRedis(client);
    const after = await usageOfRedis(client);
    expect(redisUsageBetween(before, after)).toMatchObject({ commands: 0, reads: 0, networkBytes: 0 });
    expect(before.cpuMicros).toBeGreaterThan(0);
  });

  test('is the commands, bytes and time of whoever used it', async () => {
    const other = await connectRedis(redis.url);
    const before = await usageOfRedis(client);
    for (let count = 0; count < 1_000; count += 1) await other.set('key', 'x'.repeat(1_000));
    const after = await usageOfRedis(client);
    other.disconnect();
    const request = `*3\r\n$3\r\nset\r\n$3\r\nkey\r\n$4\r\n1000\r\n`.length - 4 + 1_000;
    const spent = redisUsageBetween(before, after);
    expect(spent.commands).toBe(1_000);
    expect(spent.reads).toBe(1_000);
    expect(spent.networkBytes).toBeGreaterThanOrEqual(1_000 * (request + '+OK\r\n'.length));
    expect(spent.networkBytes).toBeLessThan(1_000 * (request + 50));
    expect(spent.cpuMicros).toBeGreaterThan(0);
  });
});
