/** Round trips over a real link to a real Redis. Needs the compiled link and watchdog. */

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type DelayLink, startDelayLink } from '../environment/delay-link.ts';
import type { Supervisor } from '../environment/environment.ts';
import { startSupervisor } from '../environment/supervisor.ts';
import { startTestRedis } from '../environment/test-redis.ts';
import { median } from '../statistics/quantiles.ts';
import { measureRoundTrips } from './round-trip.ts';

const directUrl = inject('redisUrl');
let supervisor: Supervisor;
let link: DelayLink;

beforeAll(async () => {
  supervisor = await startSupervisor();
  link = await startDelayLink({ supervisor, target: directUrl });
});

afterAll(() => supervisor.close());

describe('measureRoundTrips', () => {
  it('measures as many pairs as asked for, each way where it belongs', async () => {
    await link.setAddedMillis(20);
    const { directMicros, linkMicros } = await measureRoundTrips({ directUrl, linkUrl: link.url, samples: 25 });
    expect([directMicros.length, linkMicros.length]).toEqual([25, 25]);
    expect(Math.min(...linkMicros)).toBeGreaterThanOrEqual(20_000);
    expect(Math.min(...directMicros)).toBeGreaterThan(0);
    expect(median(directMicros)).toBeLessThan(20_000);
  });

  it('stops when the user stops it', async () => {
    const options = { directUrl, linkUrl: link.url, samples: 10, signal: AbortSignal.abort() };
    await expect(measureRoundTrips(options)).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' });
  });

  it('says so when Redis goes away while it measures, and when it is not there', async () => {
    const redis = await startTestRedis();
    const own = await startDelayLink({ supervisor, target: redis.url });
    try {
      const options = { directUrl: redis.url, linkUrl: own.url, samples: 10_000_000 };
      const measuring = measureRoundTrips(options);
      const failed = expect(measuring).rejects.toMatchObject({ code: 'ERR_ENVIRONMENT_REDIS' });
      await redis.kill();
      await failed;
      await expect(measureRoundTrips({ ...options, directUrl })).rejects.toMatchObject({
        code: 'ERR_ENVIRONMENT_REDIS',
      });
    } finally {
      await own.close();
      await redis.close();
    }
  });
});
