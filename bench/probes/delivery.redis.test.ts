/** Bare delivery through a real Redis. */

import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it } from 'vitest';
import { connectRedis } from '../environment/redis-client.ts';
import { startTestRedis } from '../environment/test-redis.ts';
import { measureDelivery } from './delivery.ts';

const redisUrl = inject('redisUrl');

describe('measureDelivery', () => {
  it('measures as many deliveries as asked for, and leaves no key behind', async () => {
    const realm = `test-${randomUUID()}`;
    const deliveryMicros = await measureDelivery({ redisUrl, realm, samples: 200 });
    expect(deliveryMicros).toHaveLength(200);
    expect(Math.min(...deliveryMicros)).toBeGreaterThan(0);
    const median = deliveryMicros.toSorted((left, right) => left - right)[100] ?? 0;
    // A round trip over the loopback, not a poll: whoever slept in between would take a millisecond and more.
    expect(median).toBeLessThan(10_000);
    const client = await connectRedis(redisUrl);
    const keys = await client.keys(`*${realm}*`);
    client.disconnect();
    expect(keys).toEqual([]);
  });

  it('stops when the user stops it', async () => {
    const options = { redisUrl, realm: `test-${randomUUID()}`, samples: 10, signal: AbortSignal.abort() };
    await expect(measureDelivery(options)).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' });
  });

  it('says so when there is no Redis, or when it goes away', async () => {
    const redis = await startTestRedis();
    try {
      const running = measureDelivery({ redisUrl: redis.url, realm: 'test', samples: 10_000_000 });
      running.catch(() => undefined);
      const client = await connectRedis(redis.url);
      await expect.poll(() => client.keys('*')).toHaveLength(1);
      client.disconnect();
      await redis.kill();
      await expect(running).rejects.toMatchObject({ code: 'ERR_ENVIRONMENT_REDIS' });
      await expect(measureDelivery({ redisUrl: redis.url, realm: 'test', samples: 1 })).rejects.toMatchObject({
        code: 'ERR_ENVIRONMENT_REDIS',
      });
    } finally {
      await redis.close();
    }
  });
});
