/** Follows the log with blocking reads on a connection of its own, and does not trust a silent one. */

import { Redis } from 'ioredis';
import { AuthlabError } from '../kernel/errors.ts';
import { decodeEntry, type RawEntry } from './entry-codec.ts';
import type { KeyNames } from './key-names.ts';
import type { LogTail, Partition, TailEntry } from './port.ts';
import { type RedisConnectionOptions, redisOptions, withDeadline } from './redis-connection.ts';
import { logFault, redisAddress } from './redis-faults.ts';

/** How much later than the wait an answer may come before the connection counts as dead. */
const marginMillis = 500;

/** Entries of one partition that one read returns at most. */
const batchSize = 1_000;

/**
 * A connection lives until the first thing goes wrong with it and is then thrown away; the next `read` opens another
 * (ioredis would reconnect by itself, and leave a blocked read unsettled on the way). Where to go on is the caller's
 * knowledge alone: the last id it has applied.
 */
export class RedisTail implements LogTail {
  readonly #options: RedisConnectionOptions;
  readonly #keys: KeyNames;
  readonly #address: string;
  readonly #onClose: (tail: RedisTail) => void;
  #redis: Redis | null = null;
  #closed = false;

  constructor(options: RedisConnectionOptions, keys: KeyNames, onClose: (tail: RedisTail) => void) {
    this.#options = options;
    this.#keys = keys;
    this.#address = redisAddress(options.url);
    this.#onClose = onClose;
  }

  async read(after: ReadonlyMap<Partition, string>, waitMillis: number): Promise<readonly TailEntry[]> {
    if (this.#closed) throw new AuthlabError('ERR_LOG_UNAVAILABLE', 'the tail is closed');
    if (after.size === 0) return [];
    const redis = await this.#connected();
    const partitions = new Map([...after.keys()].map((partition) => [this.#keys.events(partition), partition]));
    const wait = Math.max(1, Math.ceil(waitMillis));
    const streams = [...partitions.keys(), ...after.values()];
    try {
      const reply = await answerWithin(
        wait + marginMillis,
        // A wait of 0 would block for ever.
        redis.xread('COUNT', batchSize, 'BLOCK', wait, 'STREAMS', ...streams),
      );
      return (reply ?? []).flatMap(([key, entries]) => tailEntries(partitions.get(key), entries));
    } catch (error) {
      this.#drop();
      throw logFault(error, this.#address, 'ERR_LOG_UNAVAILABLE');
    }
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#drop();
    this.#onClose(this);
    return Promise.resolve();
  }

  async #connected(): Promise<Redis> {
    if (this.#redis?.status === 'ready') return this.#redis;
    this.#drop();
    const redis = new Redis(this.#options.url, {
      ...redisOptions(this.#options),
      lazyConnect: true,
      commandTimeout: undefined,
      retryStrategy: null,
    });
    this.#redis = redis;
    let failure: unknown = null;
    redis.on('error', (error) => {
      failure = error;
    });
    await withDeadline(
      redis.connect().catch((error: unknown) => {
        failure ??= error;
      }),
      this.#options.commandTimeoutMillis,
    );
    if (redis.status !== 'ready') {
      this.#drop();
      throw logFault(failure ?? new Error('no answer'), this.#address, 'ERR_LOG_UNAVAILABLE');
    }
    return redis;
  }

  #drop(): void {
    this.#redis?.disconnect();
    this.#redis = null;
  }
}

function tailEntries(partition: Partition | undefined, entries: readonly RawEntry[]): TailEntry[] {
  return partition === undefined ? [] : entries.map((raw) => ({ partition, entry: decodeEntry(raw) }));
}

/** Rejects when no answer came in time; the late answer, or the error of a connection dropped meanwhile, is nobody's. */
async function answerWithin<Reply>(millis: number, reply: Promise<Reply>): Promise<Reply> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), millis);
  });
  return await Promise.race([reply, silence]).finally(() => clearTimeout(timer));
}
