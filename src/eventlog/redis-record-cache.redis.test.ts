/** The near cache on Redis: its contract, and every way in which Redis stops telling what has changed. */

import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { freePorts } from '../../bench/environment/free-ports.ts';
import { startTcpLink } from '../../bench/environment/tcp-link.ts';
import { startTestRedis, type TestRedis } from '../../bench/environment/test-redis.ts';
import { randomRealm } from './event-log-harness.contract.ts';
import { KeyNames } from './key-names.ts';
import type { EventLog, RecordCache } from './port.ts';
import {
  cacheOptions,
  describeRecordCache,
  put,
  record,
  remembered,
  untilFresh,
  write,
} from './record-cache.contract.ts';
import { connectRedisEventLog } from './redis-event-log.ts';

/** The connections of near caches that `CLIENT LIST` shows: the one that listens and the one that reads. */
async function connectionsOf(admin: Redis): Promise<{ readonly pushes: string[]; readonly reads: string[] }> {
  const list = String(await admin.client('LIST'));
  const lines = list.split('\n').filter((line) => line.includes('name=authlab-records'));
  const idOf = (line: string): string => /id=(\d+)/.exec(line)?.[1] ?? '';
  return {
    pushes: lines.filter((line) => / sub=1 /.test(line)).map(idOf),
    reads: lines.filter((line) => / redir=[1-9]/.test(line)).map(idOf),
  };
}

async function kill(admin: Redis, ids: readonly string[]): Promise<void> {
  expect(ids).toHaveLength(1);
  for (const id of ids) await admin.client('KILL', 'ID', Number(id));
}

describeRecordCache('Redis', async () => {
  // Of its own: which connections are a near cache's is asked of the whole server.
  const server = await startTestRedis();
  const admin = new Redis(server.url);
  return {
    async openRealm() {
      const realm = randomRealm();
      const [port = 0] = await freePorts(1);
      const link = await startTcpLink(port, server.port);
      const node = connectRedisEventLog({ url: `redis://127.0.0.1:${port}`, realm, partitions: 2 });
      const writer = connectRedisEventLog({ url: server.url, realm, partitions: 2 });
      return {
        node,
        writer,
        stall: (connection) => link.stall(connection),
        dropPushes: async () => kill(admin, (await connectionsOf(admin)).pushes),
        async close() {
          await node.close();
          await writer.close();
          await link.close();
          await vi.waitFor(async () => expect((await connectionsOf(admin)).reads).toEqual([]));
        },
      };
    },
    async close() {
      admin.disconnect();
      await server.close();
    },
  };
});

describe('a near cache on a Redis that fails', () => {
  let server: TestRedis;
  let admin: Redis;
  let realm: string;
  let node: EventLog;
  let writer: EventLog;
  let cache: RecordCache;

  beforeAll(async () => {
    server = await startTestRedis();
    admin = new Redis(server.url);
    admin.on('error', () => undefined);
  });
  afterAll(async () => {
    admin.disconnect();
    await server.close();
  });
  beforeEach(async () => {
    realm = randomRealm();
    const options = { url: server.url, realm, partitions: 1, commandTimeoutMillis: 300 };
    [node, writer] = [connectRedisEventLog(options), connectRedisEventLog(options)];
    cache = node.openRecordCache(cacheOptions);
    await untilFresh(cache);
    await write(writer, put('a', 'one'));
    await remembered(cache, 'a', 'one');
  });
  afterEach(async () => {
    await node.close();
    await writer.close();
    await vi.waitFor(async () => expect(await connectionsOf(admin)).toEqual({ pushes: [], reads: [] }), 5_000);
  });

  test('when the reading connection is cut, nobody is tracked any more: everything is forgotten and set up again', async () => {
    const before = await connectionsOf(admin);
    await kill(admin, before.reads);
    await write(writer, put('a', 'two'));
    await vi.waitFor(() => expect(cache.status().entries).toBe(0), { interval: 1 });
    expect(await cache.read(0, record('a'))).toBe('two');
    await untilFresh(cache);
    await remembered(cache, 'a', 'two');
    const after = await connectionsOf(admin);
    for (const kind of ['pushes', 'reads'] as const) {
      expect(after[kind]).toHaveLength(1);
      expect(after[kind]).not.toEqual(before[kind]);
    }
  });

  test.each(['pushes', 'reads'] as const)(
    'the cut of its %s is noticed at once, long before silence is',
    async (kind) => {
      await cache.close();
      await vi.waitFor(async () => expect(await connectionsOf(admin)).toEqual({ pushes: [], reads: [] }));
      const patient = node.openRecordCache({ ...cacheOptions, stalenessLimitMillis: 60_000 });
      await untilFresh(patient);
      await remembered(patient, 'a', 'one');
      await kill(admin, (await connectionsOf(admin))[kind]);
      await vi.waitFor(() => expect(patient.status().entries).toBe(0), { timeout: 500, interval: 1 });
      await untilFresh(patient);
    },
  );

  test('a stopped server: memory answers for the staleness limit, then nobody; everything is asked again after it', async () => {
    server.pause();
    try {
      const stopped = performance.now();
      expect(cache.read(0, record('a'))).toBe('one');
      await vi.waitFor(() => expect(cache.status().fresh).toBe(false), { timeout: 5_000, interval: 1 });
      expect(performance.now() - stopped).toBeLessThan(cacheOptions.stalenessLimitMillis + 50);
      const asked = performance.now();
      await expect(cache.read(0, record('a'))).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
      expect(performance.now() - asked).toBeLessThan(500);
      await vi.waitFor(() => expect(cache.status().entries).toBe(0), { timeout: 5_000 });
    } finally {
      server.resume();
    }
    await untilFresh(cache);
    await remembered(cache, 'a', 'one');
  });

  test('a miss on a stopped server fails within one deadline', async () => {
    server.pause();
    try {
      const asked = performance.now();
      await expect(cache.read(0, record('b'))).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
      expect(performance.now() - asked).toBeLessThan(500);
    } finally {
      server.resume();
    }
  });

  test('a server that came back empty is asked again', async () => {
    await server.restart();
    await vi.waitFor(() => expect(cache.status().entries).toBe(0), { interval: 1 });
    await untilFresh(cache);
    expect(await cache.read(0, record('a'))).toBeNull();
  });

  test.each(['FLUSHALL', 'FLUSHDB'] as const)('%s empties it', async (command) => {
    await admin.call(command);
    await vi.waitFor(() => expect(cache.status().entries).toBe(0), { interval: 1 });
    expect(await cache.read(0, record('a'))).toBeNull();
    expect(cache.status().fresh).toBe(true);
  });

  test('a plain DEL and SET are told, and so is an expiry once Redis has carried it out', async () => {
    const key = new KeyNames(realm).record(0, record('a'));
    await admin.set(key, 'two');
    await remembered(cache, 'a', 'two');
    await admin.del(key);
    await vi.waitFor(async () => expect(await cache.read(0, record('a'))).toBeNull(), { interval: 1 });
    await write(writer, put('a', 'three', 300));
    await remembered(cache, 'a', 'three');
    await vi.waitFor(() => expect(cache.status().entries).toBe(0), { timeout: 5_000 });
    expect(await cache.read(0, record('a'))).toBeNull();
  });

  test('a server that does not let us track is read all the same, without a memory', async () => {
    await admin.call('ACL', 'SETUSER', 'plain', 'on', '>secret', '~*', '&*', '+@all', '-client|tracking');
    const url = server.url.replace('redis://', 'redis://plain:secret@');
    const restricted = connectRedisEventLog({ url, realm, partitions: 1 });
    const plain = restricted.openRecordCache(cacheOptions);
    for (let again = 0; again < 3; again += 1) expect(await plain.read(0, record('a'))).toBe('one');
    expect(plain.status()).toMatchObject({ fresh: false, hits: 0, entries: 0 });
    await restricted.close();
  });

  test('a miss is one GET, a hit is nothing', async () => {
    const reads = async (): Promise<number> =>
      Number(/cmdstat_get:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1] ?? 0);
    const before = await reads();
    for (let again = 0; again < 1_000; again += 1) expect(cache.read(0, record('a'))).toBe('one');
    expect(await reads()).toBe(before);
    await cache.read(0, record('unknown'));
    expect(await reads()).toBe(before + 1);
  });
});
