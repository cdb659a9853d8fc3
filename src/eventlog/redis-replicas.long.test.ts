/** A log that counts only what replicas have confirmed, on one server with one replica. */

import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startTestRedis, type TestRedis } from '../../bench/environment/test-redis.ts';
import { appendRequest, randomRealm, sessionRecord, terminated } from './event-log-harness.contract.ts';
import { RedisConnection } from './redis-connection.ts';
import { connectRedisEventLog, type RedisEventLog } from './redis-event-log.ts';
import { serverAt } from './redis-server.ts';

const commandTimeoutMillis = 600;
const unknown = { code: 'ERR_LOG_OUTCOME_UNKNOWN' };
const unavailable = { code: 'ERR_LOG_UNAVAILABLE' };

describe('a log with replicas', () => {
  let primary: TestRedis;
  let replica: TestRedis;
  let admin: Redis;
  let realm: string;
  let log: RedisEventLog;

  beforeAll(async () => {
    primary = await startTestRedis({ args: ['--repl-diskless-sync-delay', '0'] });
    replica = await startTestRedis({ args: ['--replicaof', '127.0.0.1', `${primary.port}`] });
    admin = new Redis(primary.url);
    await untilReplicated();
  });
  afterAll(async () => {
    admin.disconnect();
    await replica.close();
    await primary.close();
  });
  beforeEach(() => {
    realm = randomRealm();
    log = open(1);
  });
  afterEach(async () => {
    replica.resume();
    await log.close();
    await untilReplicated();
  });

  /** A replica that still copies what was there is counted as long as this connection has written nothing. */
  async function untilReplicated(): Promise<void> {
    const confirmed = async () => {
      await admin.incr('writes-to-confirm');
      expect(await admin.wait(1, 100)).toBe(1);
    };
    await vi.waitFor(confirmed, { timeout: 10_000 });
  }

  function open(replicas: number): RedisEventLog {
    return connectRedisEventLog({ url: primary.url, realm, partitions: 2, commandTimeoutMillis, replicas });
  }
  /** How often the server was asked what its replicas have. */
  async function waits(): Promise<number> {
    return Number(/cmdstat_wait:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1] ?? 0);
  }

  test('counts what the replica has; what it has not is of unknown outcome, and proves nothing', async () => {
    const value = { type: 'put', record: sessionRecord, value: 'a', expiresAtMillis: Date.now() + 60_000 } as const;
    expect(await log.append(appendRequest({ effects: [value] }))).toMatchObject({ ok: true, version: 1 });
    await log.beat(0);
    const request = appendRequest({ expectedVersion: 1, events: [terminated('0.b')] });
    replica.pause();
    await expect(log.append(request)).rejects.toMatchObject(unknown);
    await expect(log.beat(0)).rejects.toMatchObject(unavailable);
    const replacement = { was: 'a', value: 'b', expiresAtMillis: Date.now() + 60_000 };
    await expect(log.replaceRecord(0, sessionRecord, replacement)).rejects.toMatchObject(unknown);
    // On the primary it was done all the same, and doing it again does not make the replica have it.
    expect(await log.readUser(0, 'ada')).toMatchObject({ version: 2 });
    expect(await log.readRecord(0, sessionRecord)).toBe('b');
    await expect(log.append(request)).rejects.toMatchObject(unknown);
    replica.resume();
    const result = await vi.waitFor(() => log.append(request), { timeout: 5_000 });
    expect(result).toMatchObject({ ok: true, version: 2, repeated: true });
    expect(await vi.waitFor(() => log.beat(0), { timeout: 5_000 })).toMatchObject({ number: 2 });
  });

  test('more replicas than there are confirm nothing', async () => {
    const demanding = open(2);
    await expect(demanding.append(appendRequest())).rejects.toMatchObject(unknown);
    await expect(demanding.beat(0)).rejects.toMatchObject(unavailable);
    await demanding.close();
  });

  test('what comes while the replica is awaited goes out together after it: two waits for many writes', async () => {
    await log.append(appendRequest({ stream: 'first' }));
    const before = await waits();
    replica.pause();
    const first = log.append(appendRequest());
    await vi.waitFor(async () => expect((await log.readUser(0, 'ada')).version).toBe(1), { interval: 2 });
    const others: Promise<unknown>[] = [];
    for (let index = 0; index < 20; index += 1) {
      others.push(log.append(appendRequest({ partition: 1, stream: `user-${index}` })));
      // Each in a turn of the event loop of its own.
      await new Promise((resolve) => setImmediate(resolve));
    }
    replica.resume();
    expect(await Promise.all([first, ...others])).toHaveLength(21);
    expect((await waits()) - before).toBe(2);
  });

  test('beats of one moment share a wait; look-ups wait behind nobody', async () => {
    await log.beat(0);
    await log.readUser(0, 'ada');
    const before = await waits();
    expect(await Promise.all([log.beat(0), log.beat(1), log.beat('realm')])).toHaveLength(3);
    expect((await waits()) - before).toBe(1);
    replica.pause();
    const beaten = expect(log.beat(0)).rejects.toMatchObject(unavailable);
    const written = expect(log.append(appendRequest())).rejects.toMatchObject(unknown);
    const began = performance.now();
    await log.readUser(0, 'ada');
    await log.readRecord(0, sessionRecord);
    await log.readMembers(0);
    expect(performance.now() - began).toBeLessThan(commandTimeoutMillis / 4);
    await Promise.all([beaten, written]);
  });

  test('of a batch each fails or succeeds for itself', async () => {
    await log.append(appendRequest());
    const outcomes = await Promise.allSettled([
      log.append(appendRequest({ expectedVersion: 1 })),
      log.append(appendRequest({ expectedVersion: 7 })),
      log.append(appendRequest({ stream: 'bob', events: [], expectedVersion: 0 })),
    ]);
    expect(outcomes).toMatchObject([
      { value: { ok: true, version: 2 } },
      { value: { ok: false, actualVersion: 2 } },
      { reason: { code: 'ERR_LOG_REFUSED' } },
    ]);
  });

  test('a script that the server has forgotten is sent again, and confirmed', async () => {
    await log.append(appendRequest());
    await admin.script('FLUSH');
    expect(await log.append(appendRequest({ expectedVersion: 1 }))).toMatchObject({ ok: true, version: 2 });
    await admin.script('FLUSH');
    replica.pause();
    await expect(log.append(appendRequest({ expectedVersion: 2 }))).rejects.toMatchObject(unknown);
  });

  test('a primary that dies between the write and its confirmation leaves it unknown', async () => {
    const doomed = await startTestRedis();
    const lonely = connectRedisEventLog({ url: doomed.url, realm, partitions: 1, commandTimeoutMillis, replicas: 1 });
    const [appended, beaten] = [lonely.append(appendRequest()), lonely.beat(0)];
    const settled = [
      expect(appended).rejects.toMatchObject(unknown),
      expect(beaten).rejects.toMatchObject(unavailable),
    ];
    const reader = connectRedisEventLog({ url: doomed.url, realm, partitions: 1 });
    await vi.waitFor(async () => expect((await reader.readUser(0, 'ada')).version).toBe(1), { interval: 5 });
    await doomed.kill();
    await Promise.all(settled);
    await Promise.all([lonely.close(), reader.close()]);
    await doomed.close();
  });

  test('where several may be the primary, one that calls itself a replica is as good as away', async () => {
    const connections = [true, false].map((primaryOnly) => {
      const server = serverAt({ host: '127.0.0.1', port: replica.port }, { tls: false, primaryOnly });
      return new RedisConnection(server, { connectionName: 'test', commandTimeoutMillis });
    });
    const [strict, lax] = connections;
    await lax?.ready();
    await expect(strict?.ready()).rejects.toMatchObject(unavailable);
    for (const connection of connections) connection.close();
  });
});
