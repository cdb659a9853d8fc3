/** A partition whose slot is moved to another master of the Cluster while it is written, followed and read. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startTestCluster, type TestCluster } from '../../bench/environment/test-cluster.ts';
import { appendRequest, randomRealm, revocations } from './event-log-harness.contract.ts';
import { KeyNames } from './key-names.ts';
import { Collector, expectAllThere, Writer } from './log-under-load.contract.ts';
import type { EventLog } from './port.ts';
import { cacheOptions, put, record, remembered, untilFresh, write } from './record-cache.contract.ts';
import { connectRedisEventLog } from './redis-event-log.ts';

describe('a partition that moves', () => {
  let cluster: TestCluster;
  let log: EventLog;
  let key: string;

  beforeAll(async () => {
    cluster = await startTestCluster();
  });
  afterAll(() => cluster.close());
  beforeEach(async () => {
    const realm = randomRealm();
    key = new KeyNames(realm).meta(0);
    await cluster.settled();
    log = connectRedisEventLog({ url: cluster.url, realm, partitions: 1, replicas: 1 });
  });
  afterEach(() => log.close());

  test('loses and doubles nothing, is another life afterwards, and is followed to where it went', async () => {
    const [writer, collector] = [new Writer(log), new Collector(log)];
    await writer.more(50);
    const before = await log.beat(0);
    const [from, to] = [await cluster.primary(key), await cluster.moveSlot(key)];
    expect(to.port).not.toBe(from.port);
    await writer.more(50, 3_000);
    await writer.stop();
    const after = await log.beat(0);
    expect(after.epoch).not.toBe(before.epoch);
    await expectAllThere(log, writer, collector);
    await collector.stop();
    expect(collector.entries.at(-1)?.position.epoch).toBe(after.epoch);
  });

  test('is read on both sides while it moves; what needs both at once is certainly not done', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `${index}`);
    await write(log, ...ids.map((id) => put(id, `value ${id}`)));
    await write(log, { type: 'revoke', id: '0.a', expiresAtMillis: Date.now() + 60_000 });
    const request = appendRequest();
    await cluster.moveSlot(key, async () => {
      for (const id of ids) expect(await log.readRecord(0, record(id))).toBe(`value ${id}`);
      await expect(log.append(request)).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
    });
    expect(await log.append(request)).toMatchObject({ ok: true, version: 1, repeated: false });
    for (const id of ids) expect(await log.readRecord(0, record(id))).toBe(`value ${id}`);
    expect(await revocations(log, Date.now())).toMatchObject([{ id: '0.a' }]);
  });

  test('is not taken for empty while it moves: a user, and a record beside its birth, are read wherever they are', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `${index}`);
    for (const id of ids) {
      const effects = [put(id, `value ${id}`)];
      expect(await log.append(appendRequest({ stream: id, state: `state ${id}`, effects }))).toMatchObject({
        ok: true,
      });
    }
    const { birth } = await log.readUser(0, '0');
    const expectAll = async () => {
      for (const id of ids) {
        expect(await log.readUser(0, id)).toMatchObject({ version: 1, state: `state ${id}`, birth });
        expect(await log.readPlacedRecord(0, record(id))).toEqual({ value: `value ${id}`, birth });
      }
      // What was never written is missing on both sides.
      expect(await log.readUser(0, 'nobody')).toMatchObject({ version: 0, state: null, birth });
      expect(await log.readPlacedRecord(0, record('nothing'))).toEqual({ value: null, birth });
    };
    expect(birth).not.toBeNull();
    await expectAll();
    // Twice: which half of the keys goes first is chance, and the birth is in either.
    await cluster.moveSlot(key, expectAll);
    await cluster.moveSlot(key, expectAll);
    await expectAll();
  });

  test('is not half read: who reads its revocations while it goes has to begin again', async () => {
    const effects = Array.from({ length: 3_000 }, (_, index) => {
      return { type: 'revoke' as const, id: `0.${index}`, expiresAtMillis: Date.now() + 60_000 };
    });
    await write(log, ...effects);
    const { entries } = await log.readRevocations(0, Date.now());
    const pages = entries[Symbol.asyncIterator]();
    await pages.next();
    await cluster.moveSlot(key);
    // One page is always on its way while another is made use of.
    expect((await pages.next()).done).toBe(false);
    await expect(pages.next()).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
    const all = await vi.waitFor(() => revocations(log, Date.now()), { timeout: 5_000 });
    expect(new Set(all.map(({ id }) => id)).size).toBe(3_000);
  });

  test('is forgotten by a near cache, which hears of changes where it went', async () => {
    const cache = log.openRecordCache(cacheOptions);
    await untilFresh(cache);
    await write(log, put('a', 'one'));
    await remembered(cache, 'a', 'one');
    await cluster.moveSlot(key);
    await vi.waitFor(() => write(log, put('a', 'two')), { timeout: 5_000 });
    const written = performance.now();
    await vi.waitFor(async () => expect(await cache.read(0, record('a'))).toBe('two'), { timeout: 5_000, interval: 1 });
    expect(performance.now() - written).toBeLessThan(cacheOptions.stalenessLimitMillis + 50);
    await untilFresh(cache);
    await remembered(cache, 'a', 'two');
    await write(log, put('a', 'three'));
    await remembered(cache, 'a', 'three');
  });

  test('without a change in its records is noticed by a near cache all the same', async () => {
    const cache = log.openRecordCache({ ...cacheOptions, stalenessLimitMillis: 60_000 });
    await log.beat(0);
    await untilFresh(cache);
    // A link to where it was proves nothing, and one to where it is begins without any proof.
    const lost = vi.waitFor(() => expect(cache.status().ageMillis).toBeNull(), { timeout: 10_000, interval: 5 });
    await cluster.moveSlot(key);
    await lost;
    await untilFresh(cache);
    await write(log, put('a', 'one'));
    await remembered(cache, 'a', 'one');
    await write(log, put('a', 'two'));
    await remembered(cache, 'a', 'two');
  });
});
