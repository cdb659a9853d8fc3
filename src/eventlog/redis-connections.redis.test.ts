/** How many connections to Redis a node has, by what it needs them for: what README says of it. */

import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestRedis, type TestRedis } from '../../bench/environment/test-redis.ts';
import { systemClock } from '../kernel/clock.ts';
import { connectRedisEventLog } from './redis-event-log.ts';

let server: TestRedis;
let redis: Redis;

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url, { connectionName: 'the-test' });
});
afterAll(async () => {
  redis.disconnect();
  await server.close();
});

/** By their names, as Redis lists its clients. */
async function connections(): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const [, name = ''] of String(await redis.client('LIST')).matchAll(/ name=(\S*)/g)) {
    if (name !== 'the-test') counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

test('a node has one for commands and one for beats, one that follows, two for its near cache, one that waits for replicas', async () => {
  for (const replicas of [0, 1]) {
    const log = connectRedisEventLog({ url: server.url, realm: `connections-${replicas}`, partitions: 4, replicas });
    const writes = replicas === 0 ? {} : { 'authlab-writes': 1 };
    try {
      await Promise.all(
        Array.from({ length: 50 }, (_, id) => log.readRecord(id % 4, { kind: 'session', id: `${id}` })),
      );
      await vi.waitFor(async () =>
        expect(await connections()).toEqual({ 'authlab-commands': 1, 'authlab-beats': 1, ...writes }),
      );
      const tail = log.openTail();
      const reading = tail.read(new Map([[0, '0-0'] as const, [3, '0-0'] as const]), 10_000);
      reading.catch(() => undefined);
      const cache = log.openRecordCache({
        ...{ clock: systemClock, stalenessLimitMillis: 2_000, pingIntervalMillis: 100, maximumEntries: 100 },
      });
      const all = { 'authlab-commands': 1, 'authlab-beats': 1, 'authlab-tail': 1, 'authlab-records': 2, ...writes };
      await vi.waitFor(async () => expect(await connections()).toEqual(all));
      await cache.close();
      await tail.close();
    } finally {
      await log.close();
    }
    await vi.waitFor(async () => expect(await connections()).toEqual({}));
  }
});

test('README tells the names and numbers', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  for (const line of [
    '| `authlab-commands` | 1 |',
    '| `authlab-beats` | 1 |',
    '| `authlab-tail` | 1 |',
    '| `authlab-records` | 2 |',
    '| `authlab-writes` | 1 |',
  ]) {
    expect(readme).toContain(line);
  }
});
