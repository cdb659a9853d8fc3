import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { startTestRedis, type TestRedis } from '../../bench/environment/test-redis.ts';
import { describeEventLog } from './event-log.contract.ts';
import { appendRequest, type EventLogHarness, randomRealm } from './event-log-harness.contract.ts';
import { KeyNames } from './key-names.ts';
import { connectRedisEventLog, type RedisEventLog } from './redis-event-log.ts';

async function redisHarness(): Promise<EventLogHarness> {
  const redis = new Redis(inject('redisUrl'));
  const logs: RedisEventLog[] = [];
  const servers: TestRedis[] = [];
  const open = (url: string, partitions: number): RedisEventLog => {
    const log = connectRedisEventLog({ url, realm: randomRealm(), partitions });
    logs.push(log);
    return log;
  };
  const nowMillis = async (): Promise<number> => {
    const [seconds, micros] = await redis.time();
    return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
  };
  return {
    open: (partitions) => open(inject('redisUrl'), partitions),
    nowMillis,
    async passTime(millis) {
      const end = (await nowMillis()) + millis;
      await vi.waitFor(async () => expect(await nowMillis()).toBeGreaterThan(end), { interval: 5, timeout: 5_000 });
    },
    async openRestartable(partitions) {
      const server = await startTestRedis({ appendonly: true });
      servers.push(server);
      return { log: open(server.url, partitions), restart: () => server.restart() };
    },
    async close() {
      for (const log of logs) await log.close();
      for (const server of servers) await server.close();
      redis.disconnect();
    },
  };
}

describeEventLog('Redis Streams', redisHarness);

describe('a log on a Redis that refuses', () => {
  let redis: Redis;
  let log: RedisEventLog;
  let keys: KeyNames;

  beforeAll(() => {
    redis = new Redis(inject('redisUrl'));
  });
  afterEach(() => log.close());
  afterAll(() => redis.disconnect());

  function openLog(): void {
    const realm = randomRealm();
    keys = new KeyNames(realm);
    log = connectRedisEventLog({ url: inject('redisUrl'), realm, partitions: 1 });
  }

  test.each(['events', 'meta', 'revocations', 'user'] as const)(
    'a foreign value in place of the %s is found before anything is written',
    async (name) => {
      openLog();
      const key = name === 'user' ? keys.user(0, 'ada') : keys[name](0);
      await redis.rpush(key, 'foreign');
      const failure = log.append(appendRequest());
      await expect(failure).rejects.toMatchObject({
        code: 'ERR_LOG_REFUSED',
        message: expect.stringMatching('WRONGTYPE'),
      });
      const written = (await redis.keys(`${keys.meta(0).replace(':meta', '')}:*`)).filter((found) => found !== key);
      expect(written).toEqual([]);
    },
  );

  test('a version that is no number is corruption, not a conflict', async () => {
    openLog();
    await redis.set(keys.user(0, 'ada'), 'many operation {}');
    await expect(log.append(appendRequest())).rejects.toMatchObject({ code: 'ERR_LOG_CORRUPT' });
    await expect(log.readUser(0, 'ada')).rejects.toMatchObject({ code: 'ERR_LOG_CORRUPT' });
  });

  test('a script that the server has forgotten is sent again', async () => {
    openLog();
    await log.append(appendRequest());
    await redis.script('FLUSH');
    expect(await log.append(appendRequest({ expectedVersion: 1 }))).toMatchObject({ ok: true, version: 2 });
    expect(await log.beat(0)).toMatchObject({ number: 2 });
  });

  test('an entry that cannot be read is passed on for the reader to refuse', async () => {
    openLog();
    await redis.xadd(keys.events(0), '*', 'number', 'one', 'event', '{');
    const [entry] = await log.readEntries(0, '0-0', 10);
    expect(entry).toMatchObject({ event: { type: 'authlab:unreadable' }, position: { number: 0 } });
  });

  test('one look-up is one GET and nothing else', async () => {
    openLog();
    const record = { kind: 'session', id: 'a' } as const;
    await log.readRecord(0, record);
    // Others use this Redis meanwhile: what counts is what is asked about this key, by its name that nobody else has.
    const asked: string[] = [];
    const monitor = await redis.monitor();
    const ended = new Promise<void>((resolve) => {
      monitor.on('monitor', (_time: string, [command = '', key]: string[]) => {
        if (key === keys.record(0, record)) asked.push(command.toLowerCase());
        if (key === keys.user(0, 'end')) resolve();
      });
    });
    try {
      for (let n = 0; n < 50; n += 1) await log.readRecord(0, record);
      await redis.exists(keys.user(0, 'end'));
      await ended;
    } finally {
      monitor.disconnect();
    }
    expect(asked).toEqual(Array.from({ length: 50 }, () => 'get'));
  });
});
