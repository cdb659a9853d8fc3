import { Redis } from 'ioredis';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { startTestRedis, type TestRedis } from '../../bench/environment/test-redis.ts';
import { AuthlabError } from '../kernel/errors.ts';
import { checkRedis } from './check-redis.ts';

let server: TestRedis | undefined;
afterEach(() => server?.close());

/** The fault that was thrown, and for how long it was waited for. */
async function failure(url: string): Promise<{ readonly error: AuthlabError; readonly millis: number }> {
  const began = performance.now();
  try {
    await checkRedis(url);
  } catch (error) {
    if (error instanceof AuthlabError) return { error, millis: performance.now() - began };
    throw error;
  }
  throw new Error('the check passed');
}

describe('the check of a Redis', () => {
  test('says what was found', async () => {
    const check = await checkRedis(inject('redisUrl'));
    expect(check).toMatchObject({ maxmemoryPolicy: 'noeviction', appendonly: 'no', appendfsync: 'everysec' });
    expect(check.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('reports the persistence that is configured', async () => {
    server = await startTestRedis({ appendonly: true });
    expect(await checkRedis(server.url)).toMatchObject({ appendonly: 'yes', appendfsync: 'always' });
  });

  test('refuses one that evicts, and says how to change it', async () => {
    server = await startTestRedis({ args: ['--maxmemory-policy', 'allkeys-lru'] });
    const { error } = await failure(server.url);
    expect(error.code).toBe('ERR_LOG_REFUSED');
    expect(error.message).toMatch(/allkeys-lru.*CONFIG SET maxmemory-policy noeviction/);
  });

  test('refuses a replica', async () => {
    server = await startTestRedis({ args: ['--replicaof', '127.0.0.1 1'] });
    const { error } = await failure(server.url);
    expect(error).toMatchObject({ code: 'ERR_LOG_REFUSED', message: expect.stringMatching(/replica/) });
  });

  test('takes one that hides its configuration', async () => {
    server = await startTestRedis();
    const admin = new Redis(server.url);
    await admin.acl('SETUSER', 'default', '-config');
    admin.disconnect();
    expect(await checkRedis(server.url)).toMatchObject({ maxmemoryPolicy: 'noeviction', appendfsync: 'unknown' });
  });

  test('a password that is missing or wrong is named, never shown', async () => {
    server = await startTestRedis({ args: ['--requirepass', 'right-secret'] });
    const address = `127.0.0.1:${server.port}`;
    expect(await checkRedis(`redis://:right-secret@${address}`)).toMatchObject({ appendonly: 'no' });
    for (const credentials of ['', ':wrong-secret@', 'somebody:wrong-secret@']) {
      const { error } = await failure(`redis://${credentials}${address}`);
      expect(error.code).toBe('ERR_LOG_REFUSED');
      expect(error.message).toMatch(/password/);
      expect(error.message).not.toMatch(/secret|somebody/);
    }
  });

  test('one that is not there is an environment without Redis, at once', async () => {
    server = await startTestRedis();
    await server.kill();
    const { error, millis } = await failure(`redis://:secret@127.0.0.1:${server.port}`);
    expect(error.code).toBe('ERR_ENVIRONMENT_REDIS');
    expect(error.message).toMatch(`127.0.0.1:${server.port}`);
    expect(error.message).not.toMatch('secret');
    expect(millis).toBeLessThan(1_000);
  });

  test('one that does not answer is given up within two seconds', async () => {
    server = await startTestRedis();
    server.pause();
    const { error, millis } = await failure(server.url);
    expect(error.code).toBe('ERR_ENVIRONMENT_REDIS');
    expect(millis).toBeLessThan(2_300);
  });
});
