/** Round trips to Redis over the delay link and past it, by turns: what the link adds, as measured. */

import type { Redis } from 'ioredis';
import { type Clock, systemClock } from '../../src/kernel/clock.ts';
import { AuthlabError } from '../../src/kernel/errors.ts';
import { connectRedis } from '../environment/redis-client.ts';
import type { LinkMeasured } from '../record/link-events.ts';

export interface RoundTripOptions {
  readonly directUrl: string;
  /** The same Redis behind the delay link. */
  readonly linkUrl: string;
  /** Pairs: one round trip over each. A 99th percentile takes 1,000. */
  readonly samples: number;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** Microseconds, pair by pair. */
export type RoundTrips = Pick<LinkMeasured, 'directMicros' | 'linkMicros'>;

/** Pairs before those that count: the first ones find code that is not compiled yet. */
const warmUpPairs = 20;

/**
 * One PING at a time on a connection that does nothing else, now the direct one first, now the other, so that what comes
 * and goes on the machine meets both alike. Takes about `samples` times the two round trips. Throws
 * ERR_ENVIRONMENT_REDIS when Redis does not answer over either, ERR_INTERRUPTED when the signal fires.
 */
export async function measureRoundTrips(options: RoundTripOptions): Promise<RoundTrips> {
  const clock = options.clock ?? systemClock;
  const direct = await connectRedis(options.directUrl);
  const link = await connectRedis(options.linkUrl).catch((error: unknown) => {
    direct.disconnect();
    throw error;
  });
  const directMicros: number[] = [];
  const linkMicros: number[] = [];
  try {
    for (let pair = -warmUpPairs; pair < options.samples; pair += 1) {
      if (options.signal?.aborted) throw new AuthlabError('ERR_INTERRUPTED', 'interrupted while measuring round trips');
      const earlyDirect = pair % 2 === 0 ? await pingMicros(direct, clock) : null;
      const linkTime = await pingMicros(link, clock);
      const directTime = earlyDirect ?? (await pingMicros(direct, clock));
      if (pair < 0) continue;
      directMicros.push(directTime);
      linkMicros.push(linkTime);
    }
    return { directMicros, linkMicros };
  } catch (error) {
    if (error instanceof AuthlabError) throw error;
    throw new AuthlabError('ERR_ENVIRONMENT_REDIS', 'Redis failed while round trips were measured', { cause: error });
  } finally {
    direct.disconnect();
    link.disconnect();
  }
}

async function pingMicros(client: Redis, clock: Clock): Promise<number> {
  const sentAt = clock.monotonicMillis();
  await client.ping();
  return Math.round((clock.monotonicMillis() - sentAt) * 1_000);
}
