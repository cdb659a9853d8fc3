/** A log whose primary falls silent, is taken over, comes back, or loses its replicas. Shown on both engines that do that. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ask, infoOf } from '../../bench/environment/redis-group.ts';
import { startTestCluster } from '../../bench/environment/test-cluster.ts';
import type { TestRedis } from '../../bench/environment/test-redis.ts';
import { startTestSentinel } from '../../bench/environment/test-sentinel.ts';
import { appendRequest, randomRealm, sessionRecord } from './event-log-harness.contract.ts';
import { KeyNames } from './key-names.ts';
import { Collector, expectAllThere, Writer } from './log-under-load.contract.ts';
import { cacheOptions, put, record, remembered, untilFresh, write } from './record-cache.contract.ts';
import { connectRedisEventLog, type RedisEventLog } from './redis-event-log.ts';

/**
 * A primary of the group has two replicas, a master of the Cluster one: when that one has taken over, nobody is left to
 * confirm what is written until the former primary has come back.
 */
const starters = [
  ['Sentinels', startTestSentinel, { replicas: 2 }],
  ['a Cluster', startTestCluster, { replicas: 1 }],
] as const;

describe.each(starters)('a log on %s', (_, start, all) => {
  let topology: Awaited<ReturnType<typeof start>>;
  let realm: string;
  let key: string;
  const logs: RedisEventLog[] = [];

  beforeAll(async () => {
    topology = await start({ links: true });
  });
  afterAll(() => topology.close());
  beforeEach(async () => {
    realm = randomRealm();
    key = new KeyNames(realm).meta(0);
    await topology.settled();
  });
  afterEach(async () => {
    for (const log of logs.splice(0)) await log.close();
    for (const server of topology.servers) server.resume();
  });

  function openLog(replicas: number): RedisEventLog {
    const log = connectRedisEventLog({ url: topology.url, realm, partitions: 1, commandTimeoutMillis: 400, replicas });
    logs.push(log);
    return log;
  }
  const runIdOf = async (server: TestRedis) => (await infoOf(server, 'server')).get('run_id')?.slice(0, 8) ?? '';

  test('loses nothing acknowledged when its primary falls silent and comes back, and goes on by itself', async () => {
    const [log, node] = [openLog(1), openLog(1)];
    const [writer, collector] = [new Writer(log), new Collector(node)];
    await writer.more(20);
    const [before, former] = [await node.beat(0), await topology.primary(key)];
    former.pause();
    await expect(node.beat(0)).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
    const successor = await topology.successor(former, key);
    if (all.replicas === 1) former.resume();
    await writer.more(20, 5_000);
    const after = await vi.waitFor(() => node.beat(0), { timeout: 5_000, interval: 20 });
    expect(after.epoch).toContain(await runIdOf(successor));
    expect(after.epoch).not.toBe(before.epoch);
    if (all.replicas > 1) former.resume();
    await writer.more(50);
    await topology.settled();
    await writer.more(50);
    await writer.stop();
    expect([...writer.failures].sort()).toEqual(['ERR_LOG_OUTCOME_UNKNOWN', 'ERR_LOG_UNAVAILABLE']);
    await expectAllThere(log, writer, collector);
    await collector.stop();
    expect(collector.entries.at(-1)?.position.epoch).toBe(after.epoch);
  });

  test('refuses nothing and loses nothing when a replica takes over from a primary that is well', async () => {
    // Each of them: who hands over by force does not ask which replica has what was acknowledged.
    const log = openLog(all.replicas);
    const [writer, collector] = [new Writer(log), new Collector(log)];
    await writer.more(20);
    const former = await topology.primary(key);
    const successor = await topology.failover(key);
    await writer.more(50);
    await writer.stop();
    expect(successor.port).not.toBe(former.port);
    await expectAllThere(log, writer, collector);
    await collector.stop();
  });

  test('leaves a silent primary also where nobody asks, before it comes back and believes that it still is one', async () => {
    const log = openLog(0);
    const first = await log.append(appendRequest());
    const tail = log.openTail();
    const after = new Map([[0, first.ok ? first.position.id : '']]);
    expect(await tail.read(after, 10)).toEqual([]);
    // Patient enough to hear nothing of it by itself.
    const [began, patience] = [performance.now(), 60_000];
    const waiting = expect(tail.read(after, patience)).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
    const former = await topology.primary(key);
    former.pause();
    const successor = await topology.successor(former, key);
    await waiting;
    expect(performance.now() - began).toBeLessThan(patience / 2);
    await vi.waitFor(async () => expect(await ask(successor, 'CLIENT', 'LIST')).toContain('name=authlab-commands'), {
      timeout: 4_000,
    });
    former.resume();
    await log.append(appendRequest({ stream: 'bob' }));
    expect(await runIdOf(successor)).toBe((await log.beat(0)).epoch.split('-')[1]);
    const entries = (await ask(successor, 'XLEN', new KeyNames(realm).events(0))) as number;
    expect(entries).toBe(2);
  });

  test('counts nothing that no replica has, says so in time, keeps look-ups going, and recovers', async () => {
    const log = openLog(1);
    await log.append(appendRequest({ stream: 'bob' }));
    await log.beat(0);
    const resume = topology.stall('replicas');
    const [request, began] = [appendRequest(), performance.now()];
    const others = Array.from({ length: 30 }, (_, index) => appendRequest({ stream: `user-${index}` }));
    try {
      const appends = [request, ...others].map((each) => expect(log.append(each)).rejects);
      const beaten = expect(log.beat(0)).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
      await log.readUser(0, 'bob');
      await log.readRecord(0, sessionRecord);
      expect(performance.now() - began).toBeLessThan(150);
      await Promise.all(appends.map((rejects) => rejects.toMatchObject({ code: 'ERR_LOG_OUTCOME_UNKNOWN' })));
      await beaten;
      expect(performance.now() - began).toBeLessThan(800);
      await expect(log.append(request)).rejects.toMatchObject({ code: 'ERR_LOG_OUTCOME_UNKNOWN' });
    } finally {
      resume();
    }
    const result = await vi.waitFor(() => log.append(request), { timeout: 5_000, interval: 20 });
    expect(result).toMatchObject({ ok: true, version: 1, repeated: true });
    expect(await vi.waitFor(() => log.beat(0), { timeout: 5_000, interval: 20 })).toMatchObject({ number: 32 });
  });

  test('a near cache relies on nobody whose replicas are silent', async () => {
    const log = openLog(1);
    const cache = log.openRecordCache(cacheOptions);
    await untilFresh(cache);
    await write(log, put('a', 'one'));
    await remembered(cache, 'a', 'one');
    const resume = topology.stall('replicas');
    const stalled = performance.now();
    try {
      await vi.waitFor(() => expect(cache.status().fresh).toBe(false), { timeout: 5_000, interval: 1 });
      expect(performance.now() - stalled).toBeLessThan(cacheOptions.stalenessLimitMillis + 50);
    } finally {
      resume();
    }
    await untilFresh(cache);
    await remembered(cache, 'a', 'one');
  });

  test('a near cache forgets a primary that was taken over, and hears its successor', async () => {
    const log = openLog(1);
    const cache = log.openRecordCache(cacheOptions);
    await untilFresh(cache);
    await write(log, put('a', 'one'));
    await remembered(cache, 'a', 'one');
    const former = await topology.primary(key);
    former.pause();
    await topology.successor(former, key);
    if (all.replicas === 1) former.resume();
    await vi.waitFor(() => write(log, put('a', 'two')), { timeout: 8_000, interval: 20 });
    const written = performance.now();
    await vi.waitFor(async () => expect(await cache.read(0, record('a'))).toBe('two'), { timeout: 5_000, interval: 1 });
    expect(performance.now() - written).toBeLessThan(cacheOptions.stalenessLimitMillis + 50);
    await untilFresh(cache);
    former.resume();
    await remembered(cache, 'a', 'two');
    await write(log, put('a', 'three'));
    await remembered(cache, 'a', 'three');
  });
});
