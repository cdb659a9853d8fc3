import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestRedis, type TestRedis } from '../../bench/environment/test-redis.ts';
import { appendRequest, randomRealm, revocations } from './event-log-harness.contract.ts';
import { connectRedisEventLog, type RedisEventLog } from './redis-event-log.ts';

describe('a log on a Redis that fails', () => {
  let server: TestRedis;
  let log: RedisEventLog;

  beforeAll(async () => {
    server = await startTestRedis({ appendonly: true });
  });
  afterEach(() => log.close());
  afterAll(() => server.close());

  function openLog(): RedisEventLog {
    log = connectRedisEventLog({ url: server.url, realm: randomRealm(), partitions: 1, commandTimeoutMillis: 300 });
    return log;
  }

  test('a write that a stopped server has taken is of unknown outcome, and done once when it is repeated', async () => {
    openLog();
    await log.beat(0);
    await log.append(appendRequest({ stream: 'bob' }));
    const request = appendRequest();
    server.pause();
    try {
      await expect(log.append(request)).rejects.toMatchObject({ code: 'ERR_LOG_OUTCOME_UNKNOWN' });
      await expect(log.readUser(0, 'ada')).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
      await expect(log.beat(0)).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
    } finally {
      server.resume();
    }
    const result = await vi.waitFor(() => log.append(request), { timeout: 5_000, interval: 20 });
    expect(result).toMatchObject({ ok: true, version: 1, repeated: true });
    await vi.waitFor(async () => expect(await log.beat(0)).toMatchObject({ number: 2 }), { timeout: 5_000 });
  });

  test('what is asked while the server is away fails at once, before anything was sent, and works when it is back', async () => {
    openLog();
    await log.beat(0);
    await server.kill();
    await vi.waitFor(async () => {
      const began = performance.now();
      await expect(log.append(appendRequest())).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
      expect(performance.now() - began).toBeLessThan(100);
    });
    await expect(log.readRecord(0, { kind: 'session', id: 'a' })).rejects.toMatchObject({
      code: 'ERR_LOG_UNAVAILABLE',
    });
    await server.restart();
    const result = await vi.waitFor(() => log.append(appendRequest()), { timeout: 5_000, interval: 20 });
    expect(result).toMatchObject({ ok: true, version: 1 });
  });

  test('a write in flight when the server dies is of unknown outcome, at once', async () => {
    openLog();
    await log.beat(0);
    server.pause();
    const began = performance.now();
    const settled = expect(log.append(appendRequest())).rejects.toMatchObject({ code: 'ERR_LOG_OUTCOME_UNKNOWN' });
    await server.kill();
    await settled;
    expect(performance.now() - began).toBeLessThan(300);
    await server.restart();
  });

  test('a tail that hears nothing gives up, and reads on from the same place when the server is back', async () => {
    openLog();
    const tail = log.openTail();
    await log.append(appendRequest());
    const [first] = await log.readEntries(0, '0-0', 1);
    const after = new Map([[0, first?.position.id ?? '']]);
    expect(await tail.read(after, 10)).toEqual([]);
    server.pause();
    try {
      await expect(tail.read(after, 50)).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
      await expect(tail.read(after, 50)).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
    } finally {
      server.resume();
    }
    await vi.waitFor(() => log.append(appendRequest({ expectedVersion: 1 })), { timeout: 5_000 });
    const read = await vi.waitFor(async () => {
      const entries = await tail.read(after, 100);
      expect(entries).not.toEqual([]);
      return entries;
    });
    expect(read.map(({ entry }) => entry.position.number)).toEqual([2]);
  });

  test('a full memory refuses the whole append, and nothing of it is there; beats and reads go on', async () => {
    openLog();
    const admin = new Redis(server.url);
    await log.append(appendRequest());
    await admin.config('SET', 'maxmemory', '1');
    try {
      const effects = [{ type: 'revoke' as const, id: '0.a', expiresAtMillis: Date.now() + 60_000 }];
      const failure = log.append(appendRequest({ expectedVersion: 1, effects }));
      await expect(failure).rejects.toMatchObject({ code: 'ERR_LOG_REFUSED', message: expect.stringMatching('OOM') });
      // The script as a whole is refused, not its first write: not even a conflict is looked for.
      await expect(log.append(appendRequest())).rejects.toMatchObject({ code: 'ERR_LOG_REFUSED' });
      expect(await log.beat(0)).toMatchObject({ number: 1 });
      expect(await log.readUser(0, 'ada')).toMatchObject({ version: 1, state: '{}' });
      expect(await revocations(log, 0)).toEqual([]);
    } finally {
      await admin.config('SET', 'maxmemory', '0');
      admin.disconnect();
    }
    expect(await log.append(appendRequest({ expectedVersion: 1 }))).toMatchObject({ ok: true });
  });

  test('a server that has become a replica refuses writes and beats', async () => {
    openLog();
    const admin = new Redis(server.url);
    await log.append(appendRequest());
    await admin.replicaof('127.0.0.1', 1);
    try {
      const failure = log.append(appendRequest({ expectedVersion: 1 }));
      await expect(failure).rejects.toMatchObject({
        code: 'ERR_LOG_REFUSED',
        message: expect.stringMatching('READONLY'),
      });
      await expect(log.beat(0)).rejects.toMatchObject({ code: 'ERR_LOG_REFUSED' });
    } finally {
      await admin.replicaof('NO', 'ONE');
      admin.disconnect();
    }
    expect(await log.append(appendRequest({ expectedVersion: 1 }))).toMatchObject({ ok: true });
  });

  test('a log that was emptied under a running server is in a new epoch', async () => {
    openLog();
    const admin = new Redis(server.url);
    await log.append(appendRequest());
    const before = await log.beat(0);
    await admin.flushall();
    admin.disconnect();
    const after = await log.beat(0);
    expect(after.number).toBe(0);
    expect(after.epoch).not.toBe(before.epoch);
  });
});
