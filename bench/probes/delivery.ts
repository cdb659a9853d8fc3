/**
 * Bare delivery: from sending an XADD on one connection until a reader blocked in XREAD on another has it. What any
 * strategy that follows the log pays at least, measured on the same Redis in the same run.
 */

import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { type Clock, systemClock } from '../../src/kernel/clock.ts';
import { AuthlabError } from '../../src/kernel/errors.ts';
import { connectRedis } from '../environment/redis-client.ts';

export interface DeliveryOptions {
  readonly redisUrl: string;
  /** The lab's realm: the key stands in it, and is removed in the end. */
  readonly realm: string;
  /** Deliveries, one after the other. */
  readonly samples: number;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** Far beyond any delivery, and less than a command on these connections is given in all. */
const deadlineMillis = 4_000;

/**
 * Returns the whole microseconds of each delivery, in order. The reader is known to be blocked before each XADD: Redis itself
 * says so. Throws ERR_ENVIRONMENT_REDIS when Redis does not answer or deliver, ERR_INTERRUPTED when the signal fires.
 */
export async function measureDelivery(options: DeliveryOptions): Promise<readonly number[]> {
  const clock = options.clock ?? systemClock;
  const key = `{${options.realm}:probe}:delivery:${randomUUID()}`;
  const writer = await connectRedis(options.redisUrl);
  const reader = await connectRedis(options.redisUrl).catch((error: unknown) => {
    writer.disconnect();
    throw error;
  });
  try {
    const readerId = await reader.client('ID');
    const deliveryMicros: number[] = [];
    // The first entry wakes nobody up: it gives the reader a place to read from.
    let lastId = await append(writer, key);
    for (let sample = 0; sample < options.samples; sample += 1) {
      if (options.signal?.aborted) throw new AuthlabError('ERR_INTERRUPTED', 'interrupted while measuring delivery');
      const delivered = readOne(reader, key, lastId, clock);
      delivered.catch(() => undefined);
      await untilBlocked(writer, readerId, clock);
      const sentAt = clock.monotonicMillis();
      const [, entry] = await Promise.all([append(writer, key), delivered]);
      lastId = entry.id;
      deliveryMicros.push(Math.round((entry.receivedAt - sentAt) * 1_000));
    }
    return deliveryMicros;
  } catch (error) {
    if (error instanceof AuthlabError) throw error;
    throw new AuthlabError('ERR_ENVIRONMENT_REDIS', 'Redis failed while delivery was measured', { cause: error });
  } finally {
    await writer.unlink(key).catch(() => undefined);
    writer.disconnect();
    reader.disconnect();
  }
}

async function append(writer: Redis, key: string): Promise<string> {
  const id = await writer.xadd(key, 'MAXLEN', '~', 1_000, '*', 'probe', '1');
  if (id === null) throw new AuthlabError('ERR_ENVIRONMENT_REDIS', 'Redis took no entry while delivery was measured');
  return id;
}

async function readOne(
  reader: Redis,
  key: string,
  afterId: string,
  clock: Clock,
): Promise<{ readonly id: string; readonly receivedAt: number }> {
  const answer = await reader.xread('COUNT', 1, 'BLOCK', deadlineMillis, 'STREAMS', key, afterId);
  const receivedAt = clock.monotonicMillis();
  const id = answer?.[0]?.[1][0]?.[0];
  if (id === undefined) throw new AuthlabError('ERR_ENVIRONMENT_REDIS', 'Redis delivered nothing to a blocked reader');
  return { id, receivedAt };
}

/** Asks Redis about the reader's connection until its flags hold `b`: waiting in a blocking operation. */
async function untilBlocked(writer: Redis, readerId: number, clock: Clock): Promise<void> {
  const deadline = clock.monotonicMillis() + deadlineMillis;
  while (clock.monotonicMillis() < deadline) {
    const clients = String(await writer.client('LIST', 'ID', readerId));
    if (/ flags=[A-Za-z]*b/.test(clients)) return;
  }
  throw new AuthlabError('ERR_ENVIRONMENT_REDIS', 'the reader did not block while delivery was measured');
}
