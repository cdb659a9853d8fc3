/** What a near cache must do. Run against Redis and against the in-memory twin. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { appendRequest } from './event-log-harness.contract.ts';
import type { Effect, EventLog, RecordCache, RecordCacheOptions, RecordName } from './port.ts';

/** One realm seen from two places: a node whose contact can be disturbed, and somebody who changes records. */
export interface RecordCacheRealm {
  readonly node: EventLog;
  readonly writer: EventLog;
  /** What the server says on this connection of the cache stays on the way until the returned function is called. */
  stall(connection: 'pushes' | 'reads'): () => void;
  /** Cuts the connection on which the server tells what has changed. */
  dropPushes(): Promise<unknown>;
  close(): Promise<void>;
}

export interface RecordCacheHarness {
  openRealm(): Promise<RecordCacheRealm>;
  close(): Promise<void>;
}

export const cacheOptions = {
  stalenessLimitMillis: 600,
  pingIntervalMillis: 30,
  maximumEntries: 3,
  clock: { wallMillis: () => Date.now(), monotonicMillis: () => performance.now() },
} satisfies RecordCacheOptions;

export const record = (id: string): RecordName => ({ kind: 'session', id });

export function put(id: string, value: string, millis = 60_000): Effect {
  return { type: 'put', record: record(id), value, expiresAtMillis: Date.now() + millis };
}

/** Appends effects to a stream of their own. */
export function write(log: EventLog, ...effects: Effect[]): Promise<unknown> {
  return log.append(appendRequest({ stream: `stream-${Math.random()}`, effects }));
}

export async function untilFresh(cache: RecordCache): Promise<void> {
  await vi.waitFor(() => expect(cache.status().fresh).toBe(true), { timeout: 5_000, interval: 5 });
}

/** Reads until memory answers with this value: what was told of an earlier one may still be on its way. */
export async function remembered(cache: RecordCache, id: string, value: string): Promise<void> {
  await vi.waitFor(
    async () => {
      expect(await cache.read(0, record(id))).toBe(value);
      expect(cache.read(0, record(id))).toBe(value);
    },
    { timeout: 5_000, interval: 1 },
  );
}

export function describeRecordCache(name: string, createHarness: () => Promise<RecordCacheHarness>): void {
  describe(`a near cache on ${name}`, () => {
    let harness: RecordCacheHarness;
    let realm: RecordCacheRealm;
    let cache: RecordCache;

    beforeAll(async () => {
      harness = await createHarness();
    });
    afterAll(() => harness.close());
    beforeEach(async () => {
      realm = await harness.openRealm();
      cache = realm.node.openRecordCache(cacheOptions);
      await untilFresh(cache);
    });
    afterEach(() => realm.close());

    const expectRemembered = (id: string, value: string) => remembered(cache, id, value);

    /** What the server answers to a read that memory cannot answer. */
    function asked(id: string, partition = 0): Promise<string | null> {
      const answer = cache.read(partition, record(id));
      if (!(answer instanceof Promise)) throw new Error(`memory answered for ${id}`);
      return answer;
    }

    test('the first look-up asks, the next are answered on the spot', async () => {
      await write(realm.writer, put('a', 'one'));
      const before = cache.status();
      expect(await asked('a')).toBe('one');
      for (let again = 0; again < 5; again += 1) expect(cache.read(0, record('a'))).toBe('one');
      expect(cache.status()).toMatchObject({ hits: before.hits + 5, misses: before.misses + 1, entries: 1 });
      expect(await asked('b')).toBeNull();
      expect(await asked('a', 1)).toBeNull();
    });

    test.each<[string, (writer: EventLog) => Promise<unknown>, string | null]>([
      ['another value', (writer) => write(writer, put('a', 'two')), 'two'],
      ['its end', (writer) => write(writer, { type: 'remove', record: record('a') }), null],
      [
        'another value where it was',
        (writer) => write(writer, { ...put('a', 'two'), type: 'replace' } as Effect),
        'two',
      ],
      [
        'a renewal',
        (writer) =>
          writer.replaceRecord(0, record('a'), { was: 'one', value: 'two', expiresAtMillis: Date.now() + 9_000 }),
        'two',
      ],
    ])('a record is forgotten with %s', async (_, change, expected) => {
      await write(realm.writer, put('a', 'one'), put('b', 'other'));
      await expectRemembered('b', 'other');
      await expectRemembered('a', 'one');
      await change(realm.writer);
      await vi.waitFor(async () => expect(await cache.read(0, record('a'))).toBe(expected), { interval: 1 });
      expect(cache.read(0, record('b'))).toBe('other');
    });

    test('what was absent is found as soon as it is there', async () => {
      expect(await cache.read(0, record('a'))).toBeNull();
      await write(realm.writer, put('a', 'one'));
      expect(await cache.read(0, record('a'))).toBe('one');
    });

    test('many records are kept, but no more than asked', async () => {
      await write(realm.writer, ...['a', 'b', 'c', 'd'].map((id) => put(id, id)));
      for (const id of ['a', 'b', 'c', 'd']) await expectRemembered(id, id);
      expect(cache.status().entries).toBe(3);
      expect(await asked('a')).toBe('a');
    });

    test('while the server tells nothing, an ended record is answered for the staleness limit and no longer', async () => {
      await write(realm.writer, put('a', 'one'));
      await expectRemembered('a', 'one');
      const release = realm.stall('pushes');
      await write(realm.writer, { type: 'remove', record: record('a') });
      const ended = performance.now();
      expect(cache.read(0, record('a'))).toBe('one');
      await vi.waitFor(() => expect(cache.status().fresh).toBe(false), { timeout: 5_000, interval: 1 });
      // Freshness began before the end, so it is over before the limit, by at most what lies between two pings.
      expect(performance.now() - ended).toBeLessThan(cacheOptions.stalenessLimitMillis + 50);
      const late = Promise.resolve(cache.read(0, record('a'))).catch(() => null);
      release();
      expect(await late).toBeNull();
      await untilFresh(cache);
      expect(await cache.read(0, record('a'))).toBeNull();
    });

    test('while nobody answers whether the server still tracks the reads, memory answers as long and no longer', async () => {
      await write(realm.writer, put('a', 'one'));
      await expectRemembered('a', 'one');
      const release = realm.stall('reads');
      const stalled = performance.now();
      expect(cache.read(0, record('a'))).toBe('one');
      await vi.waitFor(() => expect(cache.status().fresh).toBe(false), { timeout: 5_000, interval: 1 });
      expect(performance.now() - stalled).toBeLessThan(cacheOptions.stalenessLimitMillis + 50);
      release();
      await untilFresh(cache);
      await expectRemembered('a', 'one');
    });

    test('a change that nobody could tell is not missed: with the connection everything remembered goes', async () => {
      await write(realm.writer, put('a', 'one'), put('b', 'other'));
      await expectRemembered('a', 'one');
      await expectRemembered('b', 'other');
      await realm.dropPushes();
      await write(realm.writer, put('a', 'two'));
      await vi.waitFor(() => expect(cache.status().entries).toBe(0), { interval: 1 });
      expect(await cache.read(0, record('a'))).toBe('two');
      await untilFresh(cache);
      await expectRemembered('a', 'two');
      await write(realm.writer, put('a', 'three'));
      await expectRemembered('a', 'three');
    });

    test('reads that race changes never leave an old value behind', async () => {
      for (let round = 0; round < 40; round += 1) {
        await write(realm.writer, put('a', `${round}`));
        const reads = Array.from({ length: 5 }, () => cache.read(0, record('a')));
        const change = write(realm.writer, put('a', `${round}!`));
        await Promise.all([...reads, cache.read(0, record('a')), change]);
        await vi.waitFor(async () => expect(await cache.read(0, record('a'))).toBe(`${round}!`), { interval: 1 });
        expect(await cache.read(0, record('a'))).toBe(`${round}!`);
      }
    });

    test('a closed cache remembers nothing and still reads; a closed log closes its caches', async () => {
      await write(realm.writer, put('a', 'one'));
      await expectRemembered('a', 'one');
      await cache.close();
      expect(cache.status()).toMatchObject({ fresh: false, entries: 0, ageMillis: null });
      expect(await cache.read(0, record('a'))).toBe('one');
      const second = realm.node.openRecordCache(cacheOptions);
      await untilFresh(second);
      await realm.node.close();
      expect(second.status().fresh).toBe(false);
      await expect(second.read(0, record('a'))).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
    });
  });
}
