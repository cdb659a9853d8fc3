import { Redis } from 'ioredis';
import { afterEach, describe, expect, inject, test, vi } from 'vitest';
import { freePorts } from '../../bench/environment/free-ports.ts';
import { ask } from '../../bench/environment/redis-group.ts';
import { startTestRedis, type TestRedis } from '../../bench/environment/test-redis.ts';
import { AuthlabError } from '../kernel/errors.ts';
import { checkRedis, type RedisDemands } from './check-redis.ts';

let server: TestRedis | undefined;
let replica: TestRedis | undefined;
afterEach(async () => {
  await server?.close();
  await replica?.close();
});

/** The fault that was thrown, and for how long it was waited for. */
async function failure(
  url: string,
  demands: RedisDemands = {},
): Promise<{ readonly error: AuthlabError; readonly millis: number }> {
  const began = performance.now();
  try {
    await checkRedis(url, demands);
  } catch (error) {
    if (error instanceof AuthlabError) return { error, millis: performance.now() - began };
    throw error;
  }
  throw new Error('the check passed');
}

describe('the check of a Redis', () => {
  test('says what was found', async () => {
    const check = await checkRedis(inject('redisUrl'));
    expect(check).toEqual({
      topology: 'single',
      primaries: 1,
      replicas: 0,
      minReplicasToWrite: 0,
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      server: expect.stringMatching(/^(?:redis|valkey)$/),
      maxmemoryPolicy: 'noeviction',
      appendonly: 'no',
      appendfsync: 'everysec',
    });
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
    const hidden = { maxmemoryPolicy: 'noeviction', appendfsync: 'unknown', minReplicasToWrite: null };
    expect(await checkRedis(server.url)).toMatchObject(hidden);
    // Whether there is a file at all is no secret.
    expect((await failure(server.url, { persistence: 'everysec' })).error.message).toContain('no append-only file');
  });

  test('demands as much of the disk as it is told to, and the remedy that it names helps', async () => {
    server = await startTestRedis();
    const admin = new Redis(server.url);
    for (const [setting, value] of [
      ['appendonly', 'yes'],
      ['appendfsync', 'always'],
    ] as const) {
      const { error } = await failure(server.url, { persistence: 'always' });
      expect(error.code).toBe('ERR_LOG_REFUSED');
      expect(error.message).toContain(`run "CONFIG SET ${setting} ${value}" there`);
      await admin.config('SET', setting, value);
    }
    admin.disconnect();
    const found = await checkRedis(server.url, { persistence: 'always' });
    expect(found).toMatchObject({ appendonly: 'yes', appendfsync: 'always' });
  });

  test('counts the replicas that follow, and demands as many as must confirm', async () => {
    server = await startTestRedis({ args: ['--min-replicas-to-write', '1', '--repl-diskless-sync-delay', '2'] });
    const { port, url } = server;
    expect((await failure(url, { replicas: 1 })).error.message).toContain('has 0 of the 1 replicas connected');
    replica = await startTestRedis({ args: ['--replicaof', `127.0.0.1 ${port}`] });
    // One that still waits for its first copy confirms nothing.
    const connected = async () => expect(await ask({ port }, 'INFO', 'replication')).toContain('connected_slaves:1');
    await vi.waitFor(connected, { timeout: 5_000, interval: 20 });
    expect((await failure(url, { replicas: 1 })).error.message).toContain('has 0 of the 1 replicas connected');
    await vi.waitFor(async () => expect(await checkRedis(url, { replicas: 1 })).toMatchObject({ replicas: 1 }), 10_000);
    expect(await checkRedis(url)).toMatchObject({ minReplicasToWrite: 1 });
    const { error } = await failure(url, { replicas: 2 });
    expect(error).toMatchObject({ code: 'ERR_LOG_REFUSED' });
    expect(error.message).toContain('has 1 of the 2 replicas connected');
  });

  test('refuses an address that says another kind of server than stands there', async () => {
    const [busPort] = await freePorts(1);
    server = await startTestRedis();
    replica = await startTestRedis({ args: ['--cluster-enabled', 'yes', '--cluster-port', `${busPort}`] });
    const [plain, clustered] = [`127.0.0.1:${server.port}`, `127.0.0.1:${replica.port}`];
    const table: readonly [string, RegExp][] = [
      [`redis+sentinel://${plain}/lab`, /is no Sentinel; correct the beginning of the URL/],
      [`redis+cluster://${plain}`, /is no node of a Cluster; correct the beginning of the URL/],
      [`redis://${clustered}`, /is a node of a Cluster; write redis\+cluster:/],
      [`redis+cluster://${clustered}`, /does not serve all of its slots; run "redis-cli --cluster check"/],
    ];
    for (const [url, message] of table) {
      const { error } = await failure(url);
      expect(error).toMatchObject({ code: 'ERR_LOG_REFUSED', message: expect.stringMatching(message) });
    }
  });

  test('refuses what is no address, without a word of it', async () => {
    const { error } = await failure('redis+sentinel://:secret@lab');
    expect(error).toMatchObject({
      code: 'ERR_INPUT_INVALID',
      message: expect.stringContaining('must name the primary'),
    });
    expect(error.message).not.toContain('secret');
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
    for (const [url, message] of [
      [`redis+sentinel://:secret@127.0.0.1:${server.port}/lab`, 'no Sentinel answers at'],
      [`redis+cluster://:secret@127.0.0.1:${server.port}`, 'no node of a Cluster answers at'],
    ] as const) {
      const other = (await failure(url)).error;
      expect(other).toMatchObject({ code: 'ERR_ENVIRONMENT_REDIS', message: expect.stringContaining(message) });
      expect(other.message).not.toContain('secret');
    }
  });

  test('one that does not answer is given up within two seconds', async () => {
    server = await startTestRedis();
    server.pause();
    const { error, millis } = await failure(server.url);
    expect(error.code).toBe('ERR_ENVIRONMENT_REDIS');
    expect(millis).toBeLessThan(2_300);
  });
});
