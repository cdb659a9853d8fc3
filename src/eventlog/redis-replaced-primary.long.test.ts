/** A primary that comes back in the very moment in which Sentinels replace it: what it still acknowledges then. */

import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestSentinel, type TestSentinel } from '../../bench/environment/test-sentinel.ts';
import { randomRealm } from './event-log-harness.contract.ts';
import { Collector, expectAllThere, Writer } from './log-under-load.contract.ts';
import { connectRedisEventLog } from './redis-event-log.ts';

let group: TestSentinel;

beforeAll(async () => {
  group = await startTestSentinel();
});
afterAll(() => group.close());

/** Returns when a replica was told to take over: the others, and the primary, follow nobody else yet. */
async function replacing(): Promise<{ readonly begun: Promise<unknown>; close(): void }> {
  const watchers = group.sentinels.map(({ port }) => new Redis(port, '127.0.0.1', { lazyConnect: true }));
  await Promise.all(watchers.map((watcher) => watcher.subscribe('+failover-state-wait-promotion')));
  return {
    begun: Promise.race(watchers.map((watcher) => new Promise((resolve) => watcher.once('message', resolve)))),
    close() {
      for (const watcher of watchers) watcher.disconnect();
    },
  };
}

test('loses nothing that every replica has confirmed, also when the primary comes back half-way', async () => {
  const log = connectRedisEventLog({
    ...{ url: group.url, realm: randomRealm(), partitions: 1, commandTimeoutMillis: 400 },
    // One would not do: a replica that still follows the former primary confirms what the new one never hears of.
    replicas: 2,
  });
  const [writer, collector] = [new Writer(log), new Collector(log)];
  const watched = await replacing();
  try {
    await writer.more(20);
    const former = await group.primary();
    former.pause();
    await watched.begun;
    former.resume();
    await vi.waitFor(async () => expect((await group.primary()).port).not.toBe(former.port), { timeout: 10_000 });
    await group.settled();
    await writer.more(50);
    await writer.stop();
    await expectAllThere(log, writer, collector);
    await collector.stop();
  } finally {
    watched.close();
    await log.close();
  }
});
