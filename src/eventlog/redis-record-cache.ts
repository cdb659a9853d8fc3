/**
 * The near cache's link to Redis: on each primary a connection that reads, and one on which Redis tells what has changed
 * since (`CLIENT TRACKING … REDIRECT`, the client-side caching of Redis 6 and later).
 */

import type { Redis } from 'ioredis';
import { AuthlabError } from '../kernel/errors.ts';
import { beatScript } from './beat-script.ts';
import type { KeyNames } from './key-names.ts';
import type { Partition } from './port.ts';
import type { LinkListener, TrackedLink } from './record-cache.ts';
import { type RedisConnectionOptions, redisOptions, withDeadline } from './redis-connection.ts';
import { isTimeout, logFault, replyWord } from './redis-faults.ts';
import { loadedScript } from './redis-script.ts';
import type { RedisServer } from './redis-server.ts';
import type { RedisTopology } from './redis-topology.ts';
import { confirmReplication } from './replication.ts';
import { beatKeys } from './script-values.ts';
import { TurnWrites } from './turn-writes.ts';

export interface RecordLinkOptions extends RedisConnectionOptions {
  readonly topology: RedisTopology;
  readonly keys: KeyNames;
  /** Those whose records are read. */
  readonly partitions: readonly Partition[];
  /** How many replicas must have confirmed a beat for it to prove contact; 0: it takes none. */
  readonly replicas: number;
  /** How long Redis waits for them. */
  readonly waitMillis: number;
}

const invalidationChannel = '__redis__:invalidate';

const beat = loadedScript(beatScript);

/**
 * Resolves when every primary tracks our reads and is listened to. Rejects, and leaves nothing behind, when that took
 * longer than the command timeout. No connection is ever mended: what was pushed in between would be lost.
 *
 * A ping asks every primary. With replicas it makes each of them write, and have it confirmed: a server that was cut off
 * from the others while another took over cannot do that, and what is remembered of it runs out. Without replicas it
 * cannot be seen: such a server answers, pushes nothing, and is believed until the topology names its successor.
 */
export async function connectRedisRecordLink(options: RecordLinkOptions, listener: LinkListener): Promise<TrackedLink> {
  const { topology, partitions } = options;
  if (topology.primaries().length === 0) await topology.refresh();
  const links = new Map<string, ServerLink>();
  const byPartition = new Map<Partition, ServerLink>();
  const stopListening = topology.onChange(() => listener.lost());
  const close = (): void => {
    stopListening();
    for (const link of links.values()) link.close();
  };
  for (const partition of partitions) {
    const server = topology.primaryOf(partition);
    if (server === null) continue;
    const link = links.get(server.address) ?? new ServerLink(server, options, listener);
    links.set(server.address, link);
    byPartition.set(partition, link);
    link.partitions.push(partition);
  }
  let tracking = false;
  const attempt = Promise.all([...links.values()].map((link) => link.track())).then(
    () => {
      tracking = byPartition.size === partitions.length;
    },
    () => undefined,
  );
  await withDeadline(attempt, options.commandTimeoutMillis);
  if (!tracking) {
    close();
    void topology.refresh();
    throw new AuthlabError('ERR_LOG_UNAVAILABLE', `no near cache on Redis at ${topology.address}`);
  }
  return {
    read: (key, partition) =>
      byPartition.get(partition)?.read(key) ?? Promise.reject(new Error('the partition is not linked')),
    ping: () => Promise.all([...links.values()].map((link) => link.ping())),
    close,
  };
}

/** The two connections to one primary. */
class ServerLink {
  /** Those that lie on this server. */
  readonly partitions: Partition[] = [];
  readonly #address: string;
  readonly #options: RecordLinkOptions;
  readonly #listener: LinkListener;
  readonly #reads: Redis;
  readonly #readWrites: TurnWrites;
  readonly #pushes: Redis;

  constructor(server: RedisServer, options: RecordLinkOptions, listener: LinkListener) {
    this.#address = server.address;
    this.#options = options;
    this.#listener = listener;
    this.#reads = connection(server, options, listener);
    this.#readWrites = new TurnWrites(this.#reads);
    this.#pushes = connection(server, options, listener);
    // An array of keys, or null when all were flushed: ioredis passes on what stands in the message's place.
    this.#pushes.on('messageBuffer', (_: unknown, changed: unknown) => {
      listener.changed(Array.isArray(changed) ? changed.map(String) : null);
    });
  }

  async track(): Promise<void> {
    await Promise.all([this.#reads.connect(), this.#pushes.connect()]);
    const id = await this.#pushes.client('ID');
    await this.#pushes.subscribe(invalidationChannel);
    await this.#reads.client('TRACKING', 'ON', 'REDIRECT', id);
    if (this.#options.replicas > 0) await this.#reads.script('LOAD', beat.text);
  }

  read(key: string): Promise<string | null> {
    this.#readWrites.hold();
    return this.#reads.get(key).catch((error: unknown) => this.#failed(error));
  }

  /**
   * The answer on the second connection stands behind every push that was written before; the one on the first says that
   * Redis still had, at that time, whom to track, and that the partitions have not moved away.
   */
  async ping(): Promise<void> {
    try {
      await Promise.all([this.#pushes.ping(), this.#reads.ping(), this.#holdsPartitions(), this.#isConfirmed()]);
    } catch (error) {
      if (replyWord(error) !== null) this.#listener.lost();
      throw error;
    }
  }

  close(): void {
    this.#reads.disconnect();
    this.#pushes.disconnect();
  }

  /** A Cluster's node answers for any key with where it is, and `PING` knows no key. A birth hardly ever changes: no pushes. */
  async #holdsPartitions(): Promise<void> {
    const { topology, keys } = this.#options;
    if (!topology.spreads) return;
    await Promise.all(this.partitions.map((partition) => this.#reads.exists(keys.birth(partition))));
  }

  async #isConfirmed(): Promise<void> {
    const { replicas, waitMillis, keys } = this.#options;
    const [partition] = this.partitions;
    if (replicas === 0 || partition === undefined) return;
    const names = beatKeys(keys, partition);
    const beaten = this.#reads.evalsha(beat.sha1, names.length, ...names);
    const [confirmed] = await Promise.all([this.#reads.wait(replicas, waitMillis), beaten]);
    confirmReplication(confirmed, replicas, 'ERR_LOG_UNAVAILABLE');
  }

  /** A broken connection or a partition that moved is the cache's business; a server that hangs or refuses is the caller's. */
  #failed(error: unknown): never {
    const word = replyWord(error);
    const refuses = word !== null && word !== 'MOVED' && word !== 'ASK' && word !== 'TRYAGAIN';
    if (refuses || isTimeout(error)) throw logFault(error, this.#address, 'ERR_LOG_UNAVAILABLE');
    throw error;
  }
}

/** RESP2: in RESP3, ioredis's default, the pushes would come as a kind of message that it drops. */
function connection(server: RedisServer, options: RedisConnectionOptions, listener: LinkListener): Redis {
  const redis = server.open({
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
