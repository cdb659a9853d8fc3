/** The event log on Redis Streams. */

import type { Redis } from 'ioredis';
import { AuthlabError } from '../kernel/errors.ts';
import { appendScript } from './append-script.ts';
import { beatScript } from './beat-script.ts';
import { decodeEntry } from './entry-codec.ts';
import { toBirth } from './epoch.ts';
import { KeyNames, partitionOfUser } from './key-names.ts';
import { readMember, writeMember } from './members.ts';
import type {
  AppendRequest,
  AppendResult,
  EventLog,
  LogEntry,
  LogTail,
  Member,
  Membership,
  Partition,
  PlacedRecord,
  Position,
  RecordCache,
  RecordCacheOptions,
  RecordName,
  RecordReplacement,
  RevocationEntry,
  RevocationSnapshot,
  UserRecord,
} from './port.ts';
import { type LinkListener, NearRecordCache } from './record-cache.ts';
import { RedisConnection } from './redis-connection.ts';
import { logFault } from './redis-faults.ts';
import { connectRedisRecordLink } from './redis-record-cache.ts';
import { loadedScript, runScript } from './redis-script.ts';
import { RedisTail } from './redis-tail.ts';
import { removeMemberScript } from './remove-member-script.ts';
import { replaceScript } from './replace-script.ts';
import { appendArguments, toPosition } from './script-values.ts';

export interface RedisEventLogOptions {
  readonly url: string;
  /** Logs of one realm share everything, logs of different realms nothing. */
  readonly realm: string;
  /** Must stay what it was for the life of a realm: it decides where users are. */
  readonly partitions: number;
  /** Deadline of every call, in milliseconds; 1000 unless told. */
  readonly commandTimeoutMillis?: number;
}

/** Connects in the background; the first calls wait for it within their deadline. Throws ERR_INPUT_INVALID. */
export function connectRedisEventLog(options: RedisEventLogOptions): RedisEventLog {
  return new RedisEventLog(options);
}

/** One connection for commands, one for beats, so that they wait behind nothing, one for each tail, two for each near cache. */
export class RedisEventLog implements EventLog {
  readonly partitions: number;
  readonly #keys: KeyNames;
  readonly #options: { readonly url: string; readonly commandTimeoutMillis: number };
  readonly #commands: RedisConnection;
  readonly #beats: RedisConnection;
  readonly #tails = new Set<RedisTail>();
  readonly #caches = new Set<NearRecordCache>();
  #signs = 0;

  constructor(options: RedisEventLogOptions) {
    this.partitions = options.partitions;
    this.#keys = new KeyNames(options.realm);
    this.#options = { url: options.url, commandTimeoutMillis: options.commandTimeoutMillis ?? 1_000 };
    this.#commands = new RedisConnection({ ...this.#options, connectionName: 'authlab-commands' });
    this.#beats = new RedisConnection({ ...this.#options, connectionName: 'authlab-beats' });
  }

  partitionOfUser(sub: string): number {
    return partitionOfUser(sub, this.partitions);
  }

  async append(request: AppendRequest): Promise<AppendResult> {
    const { keys, args } = appendArguments(this.#keys, request);
    const reply = await this.#call(this.#commands, 'ERR_LOG_OUTCOME_UNKNOWN', (redis) =>
      runScript<readonly string[]>(redis, scripts.append, keys, args),
    );
    const [outcome, version, epoch, number, id] = reply;
    if (outcome === 'conflict') return { ok: false, reason: 'version-conflict', actualVersion: Number(version) };
    const position = toPosition([epoch, number, id]);
    return { ok: true, version: Number(version), position, repeated: outcome === 'repeated' };
  }

  async readUser(partition: Partition, stream: string): Promise<UserRecord> {
    const key = this.#keys.user(partition, stream);
    const [[version, state], marker] = await this.#call(this.#commands, 'ERR_LOG_UNAVAILABLE', (redis) =>
      Promise.all([redis.hmget(key, 'version', 'state'), redis.get(this.#keys.birth(partition))]),
    );
    const birth = toBirth(marker);
    if (version === null || version === undefined) return { version: 0, state: null, birth };
    if (!Number.isSafeInteger(Number(version))) {
      throw new AuthlabError('ERR_LOG_CORRUPT', 'the version of a user record is not a number');
    }
    return { version: Number(version), state: state ?? null, birth };
  }

  readRecord(partition: Partition, record: RecordName): Promise<string | null> {
    const key = this.#keys.record(partition, record);
    const redis = this.#commands.readyNow();
    if (redis === null) return this.#call(this.#commands, 'ERR_LOG_UNAVAILABLE', (ready) => ready.get(key));
    return redis.get(key).catch(this.#readFailed);
  }

  async readPlacedRecord(partition: Partition, record: RecordName): Promise<PlacedRecord> {
    const [key, birthKey] = [this.#keys.record(partition, record), this.#keys.birth(partition)];
    const [value, marker] = await this.#call(this.#commands, 'ERR_LOG_UNAVAILABLE', (redis) =>
      redis.mget(key, birthKey),
    );
    return { value: value ?? null, birth: toBirth(marker) };
  }

  async replaceRecord(partition: Partition, record: RecordName, replacement: RecordReplacement): Promise<boolean> {
    const { was, value, expiresAtMillis } = replacement;
    const key = this.#keys.record(partition, record);
    const written = await this.#call(this.#commands, 'ERR_LOG_OUTCOME_UNKNOWN', (redis) =>
      runScript<number>(redis, scripts.replace, [key], [was, value, `${Math.ceil(expiresAtMillis)}`]),
    );
    return written === 1;
  }

  openRecordCache(options: RecordCacheOptions): RecordCache {
    const connection = { ...this.#options, connectionName: 'authlab-records' };
    const source = {
      keyOf: (partition: number, record: RecordName) => this.#keys.record(partition, record),
      readDirectly: (partition: number, record: RecordName) => this.readRecord(partition, record),
      connect: (listener: LinkListener) => connectRedisRecordLink(connection, listener),
    };
    const cache = new NearRecordCache(options, source, (closed) => this.#caches.delete(closed));
    this.#caches.add(cache);
    return cache;
  }

  async beat(partition: Partition, membership?: Membership): Promise<Position> {
    const keys = [this.#keys.meta(partition), this.#keys.birth(partition), this.#keys.members(partition)];
    const args = membership === undefined ? [] : [membership.nodeId, writeMember(membership, this.#nextSign())];
    const reply = await this.#call(this.#beats, 'ERR_LOG_UNAVAILABLE', (redis) =>
      runScript<readonly string[]>(redis, scripts.beat, keys, args),
    );
    return toPosition(reply);
  }

  async report(partition: Partition, membership: Membership): Promise<void> {
    const field = writeMember(membership, this.#nextSign());
    await this.#call(this.#beats, 'ERR_LOG_UNAVAILABLE', (redis) =>
      redis.hset(this.#keys.members(partition), membership.nodeId, field),
    );
  }

  async readMembers(partition: Partition): Promise<readonly Member[]> {
    const fields = await this.#call(this.#beats, 'ERR_LOG_UNAVAILABLE', (redis) =>
      redis.hgetall(this.#keys.members(partition)),
    );
    return Object.entries(fields).map(([nodeId, field]) => readMember(nodeId, field));
  }

  async removeMember(partition: Partition, { nodeId, sign }: Member): Promise<void> {
    const key = this.#keys.members(partition);
    await this.#call(this.#beats, 'ERR_LOG_UNAVAILABLE', (redis) =>
      runScript(redis, scripts.removeMember, [key], [nodeId, sign]),
    );
  }

  async readRevocations(partition: Partition, nowMillis: number): Promise<RevocationSnapshot> {
    // The position first: what comes into the index while it is read only adds to it.
    const from = await this.beat(partition);
    return { from, entries: this.#scanRevocations(partition, nowMillis) };
  }

  openTail(): LogTail {
    const options = { ...this.#options, connectionName: 'authlab-tail' };
    const tail = new RedisTail(options, this.#keys, (closed) => this.#tails.delete(closed));
    this.#tails.add(tail);
    return tail;
  }

  async readEntries(partition: Partition, afterId: string, limit: number): Promise<readonly LogEntry[]> {
    const key = this.#keys.events(partition);
    const entries = await this.#call(this.#commands, 'ERR_LOG_UNAVAILABLE', (redis) =>
      redis.xrange(key, `(${afterId}`, '+', 'COUNT', limit),
    );
    return entries.map(decodeEntry);
  }

  async close(): Promise<void> {
    for (const opened of [...this.#tails, ...this.#caches]) await opened.close();
    this.#commands.close();
    this.#beats.close();
  }

  #nextSign(): string {
    this.#signs += 1;
    return `${this.#signs}`;
  }

  /** ZSCAN: pages by rank or score would skip entries that move while they are read. */
  async *#scanRevocations(partition: Partition, nowMillis: number): AsyncGenerator<readonly RevocationEntry[]> {
    const key = this.#keys.revocations(partition);
    let cursor = '0';
    do {
      const from = cursor;
      const [next, members] = await this.#call(this.#commands, 'ERR_LOG_UNAVAILABLE', (redis) =>
        redis.zscan(key, from, 'COUNT', 1_000),
      );
      cursor = next;
      const page: RevocationEntry[] = [];
      for (let at = 0; at + 1 < members.length; at += 2) {
        const expiresAtMillis = Number(members[at + 1]);
        if (expiresAtMillis >= nowMillis) page.push({ id: members[at] ?? '', expiresAtMillis });
      }
      if (page.length > 0) yield page;
    } while (cursor !== '0');
  }

  async #call<Reply>(
    connection: RedisConnection,
    unanswered: 'ERR_LOG_UNAVAILABLE' | 'ERR_LOG_OUTCOME_UNKNOWN',
    command: (redis: Redis) => Promise<Reply>,
  ): Promise<Reply> {
    const redis = await connection.ready();
    try {
      return await command(redis);
    } catch (error) {
      throw failed(error, connection, unanswered);
    }
  }

  readonly #readFailed = (error: unknown): never => {
    throw failed(error, this.#commands, 'ERR_LOG_UNAVAILABLE');
  };
}

function failed(
  error: unknown,
  connection: RedisConnection,
  unanswered: 'ERR_LOG_UNAVAILABLE' | 'ERR_LOG_OUTCOME_UNKNOWN',
): AuthlabError {
  if (error instanceof Error && error.message === 'Command timed out') connection.drop();
  return logFault(error, connection.address, unanswered);
}

const scripts = {
  append: loadedScript(appendScript),
  beat: loadedScript(beatScript),
  replace: loadedScript(replaceScript),
  removeMember: loadedScript(removeMemberScript),
};
