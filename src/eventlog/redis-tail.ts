/** Follows partitions of one server with blocking reads on a connection of its own, and does not trust a silent one. */

import type { Redis } from 'ioredis';
import { AuthlabError } from '../kernel/errors.ts';
import { decodeEntry, type RawEntry } from './entry-codec.ts';
import type { KeyNames } from './key-names.ts';
import type { LogTail, Partition, TailEntry } from './port.ts';
import { hostOf } from './redis-address.ts';
import { type RedisConnectionOptions, redisOptions, withDeadline } from './redis-connection.ts';
import { logFault, redirection } from './redis-faults.ts';
import type { RedisServer } from './redis-server.ts';
import type { RedisTopology } from './redis-topology.ts';

/** How much later than the wait an answer may come before the connection counts as dead. */
const marginMillis = 500;

/** Entries of one partition that one read returns at most. */
const batchSize = 1_000;

/** Where a slot is on its way to: whoever asks there has to say that it was sent. */
interface NextServer {
  readonly server: RedisServer;
  readonly asking: boolean;
}

/**
 * A connection lives until the first thing goes wrong with it, or its server is no longer the primary, and is then thrown
 * away; the next `read` opens another (ioredis would reconnect by itself, and leave a blocked read unsettled on the way).
 * Where to go on is the caller's knowledge alone: the last id it has applied.
 */
export class RedisTail implements LogTail {
  readonly #topology: RedisTopology;
  readonly #options: RedisConnectionOptions;
  readonly #keys: KeyNames;
  readonly #onClose: (tail: RedisTail) => void;
  readonly #stopListening: () => void;
  #redis: Redis | null = null;
  #server: RedisServer | null = null;
  #asking = false;
  #redirected: NextServer | null = null;
  #partition: Partition = 'realm';
  #closed = false;

  /** @param topology all partitions that one `read` names have to be on one server of it */
  constructor(
    topology: RedisTopology,
    options: RedisConnectionOptions,
    keys: KeyNames,
    onClose: (tail: RedisTail) => void,
  ) {
    this.#topology = topology;
    this.#options = options;
    this.#keys = keys;
    this.#onClose = onClose;
    this.#stopListening = topology.onChange(() => this.#leaveFormerPrimary());
  }

  async read(after: ReadonlyMap<Partition, string>, waitMillis: number): Promise<readonly TailEntry[]> {
    if (this.#closed) throw new AuthlabError('ERR_LOG_UNAVAILABLE', 'the tail is closed');
    const [first] = after.keys();
    if (first === undefined) return [];
    this.#partition = first;
    const redis = await this.#connected();
    const partitions = new Map([...after.keys()].map((partition) => [this.#keys.events(partition), partition]));
    const wait = Math.max(1, Math.ceil(waitMillis));
    const streams = [...partitions.keys(), ...after.values()];
    try {
      if (this.#asking) redis.asking().catch(() => undefined);
      const reply = await answerWithin(
        wait + marginMillis,
        // A wait of 0 would block for ever.
        redis.xread('COUNT', batchSize, 'BLOCK', wait, 'STREAMS', ...streams),
      );
      return (reply ?? []).flatMap(([key, entries]) => tailEntries(partitions.get(key), entries));
    } catch (error) {
      throw this.#failed(error);
    }
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#stopListening();
    this.#drop();
    this.#onClose(this);
    return Promise.resolve();
  }

  async #connected(): Promise<Redis> {
    if (this.#redis?.status === 'ready') return this.#redis;
    this.#drop();
    const { server, asking } = this.#redirected ?? { server: await this.#primary(), asking: false };
    this.#redirected = null;
    const redis = server.open({
      ...redisOptions(this.#options),
      lazyConnect: true,
      commandTimeout: undefined,
      retryStrategy: null,
    });
    this.#redis = redis;
    this.#server = server;
    this.#asking = asking;
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
    if (redis.status !== 'ready') throw this.#failed(failure ?? new Error('no answer'));
    return redis;
  }

  async #primary(): Promise<RedisServer> {
    if (this.#topology.primaryOf(this.#partition) === null) await this.#topology.refresh();
    const primary = this.#topology.primaryOf(this.#partition);
    if (primary !== null && !this.#closed) return primary;
    throw new AuthlabError('ERR_LOG_UNAVAILABLE', `nobody at ${this.#topology.address} names a primary`);
  }

  #failed(error: unknown): AuthlabError {
    const address = this.#server?.address ?? this.#topology.address;
    const redirected = this.#topology.moves ? redirection(error) : null;
    this.#drop();
    if (redirected !== null) {
      const { host, port, asking } = redirected;
      this.#redirected = { server: this.#topology.serverAt({ host: host || hostOf(address), port }), asking };
    }
    void this.#topology.refresh();
    return logFault(error, address, 'ERR_LOG_UNAVAILABLE');
  }

  #leaveFormerPrimary(): void {
    this.#redirected = null;
    if (this.#topology.primaryOf(this.#partition)?.address !== this.#server?.address) this.#drop();
  }

  #drop(): void {
    this.#redis?.disconnect();
    this.#redis = null;
    this.#server = null;
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
