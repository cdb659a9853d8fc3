/**
 * The near cache's link to Redis: a connection that reads, and one on which Redis tells what has changed since
 * (`CLIENT TRACKING … REDIRECT`, the client-side caching of Redis 6 and later).
 */

import { Redis } from 'ioredis';
import { AuthlabError } from '../kernel/errors.ts';
import type { LinkListener, TrackedLink } from './record-cache.ts';
import { type RedisConnectionOptions, redisOptions, withDeadline } from './redis-connection.ts';
import { logFault, redisAddress, replyWord } from './redis-faults.ts';

const invalidationChannel = '__redis__:invalidate';

/**
 * Resolves when Redis tracks the first connection and the second listens. Rejects, and leaves nothing behind, when that
 * took longer than the command timeout. Neither connection is ever mended: what was pushed in between would be lost.
 */
export async function connectRedisRecordLink(
  options: RedisConnectionOptions,
  listener: LinkListener,
): Promise<TrackedLink> {
  const [reads, pushes] = [connection(options, listener), connection(options, listener)];
  const close = (): void => {
    reads.disconnect();
    pushes.disconnect();
  };
  // An array of keys, or null when all were flushed: ioredis passes on what stands in the message's place.
  pushes.on('messageBuffer', (_: unknown, changed: unknown) => {
    listener.changed(Array.isArray(changed) ? changed.map(String) : null);
  });
  let tracking = false;
  const attempt = track(reads, pushes).then(
    () => {
      tracking = true;
    },
    () => undefined,
  );
  await withDeadline(attempt, options.commandTimeoutMillis);
  if (!tracking) {
    close();
    throw new AuthlabError('ERR_LOG_UNAVAILABLE', `no near cache on Redis at ${redisAddress(options.url)}`);
  }
  return {
    read: (key) => reads.get(key).catch((error: unknown) => failed(error, options.url)),
    // The answer on the second connection stands behind every push that was written before; the one on the first says
    // that Redis still had, at that time, whom to track.
    ping: () => Promise.all([pushes.ping(), reads.ping()]),
    close,
  };
}

/** RESP2: in RESP3, ioredis's default, the pushes would come as a kind of message that it drops. */
function connection(options: RedisConnectionOptions, listener: LinkListener): Redis {
  const redis = new Redis(options.url, {
    ...redisOptions(options),
    protocol: 2,
    lazyConnect: true,
    retryStrategy: null,
    autoResubscribe: false,
  });
  redis.on('error', () => undefined);
  redis.on('close', () => listener.lost());
  return redis;
}

async function track(reads: Redis, pushes: Redis): Promise<void> {
  await Promise.all([reads.connect(), pushes.connect()]);
  const id = await pushes.client('ID');
  await pushes.subscribe(invalidationChannel);
  await reads.client('TRACKING', 'ON', 'REDIRECT', id);
}

/** A broken connection is the cache's business; a server that hangs or refuses is the caller's. */
function failed(error: unknown, url: string): never {
  const hangs = error instanceof Error && error.message === 'Command timed out';
  if (hangs || replyWord(error) !== null) throw logFault(error, redisAddress(url), 'ERR_LOG_UNAVAILABLE');
  throw error;
}
