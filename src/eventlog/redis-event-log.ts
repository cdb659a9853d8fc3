/** The event log on Redis Streams. */

import { appendScript } from './append-script.ts';
import { beatScript } from './beat-script.ts';
import { decodeEntry } from './entry-codec.ts';
import { toBirth } from './epoch.ts';
import { KeyNames, partitionOfUser } from './key-names.ts';
import { readMember, writeMember } from './members.ts';
import { openRedisTopology } from './open-redis-topology.ts';
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
  RevocationSnapshot,
  UserRecord,
} from './port.ts';
import { type LinkListener, NearRecordCache } from './record-cache.ts';
import { BatchedCalls, type RedisCalls, type RedisCommand, SingleCalls } from './redis-calls.ts';
import { RedisConnection } from './redis-connection.ts';
import { RedisLane } from './redis-lane.ts';
import { connectRedisRecordLink } from './redis-record-cache.ts';
import { scanRevocations } from './redis-revocations.ts';
import { loadedScript, scriptCommand } from './redis-script.ts';
import { RedisTail } from './redis-tail.ts';
import type { RedisTopology } from './redis-topology.ts';
import { removeMemberScript } from './remove-member-script.ts';
import { replaceScript } from './replace-script.ts';
import { appendArguments, beatKeys, toPosition, toUser } from './script-values.ts';
import { SpreadTail } from './spread-tail.ts';

export interface RedisEventLogOptions {
  /** One server, a group that Sentinels watch, or a Cluster: see `parseRedisAddress`. */
  readonly url: string;
  /** Logs of one realm share everything, logs of different realms nothing. */
  readonly realm: string;
  /** Must stay what it was for the life of a realm: it decides where users are. */
  readonly partitions: number;
  /** Deadline of every attempt, and for beginning another, in milliseconds: a call ends within two. 1000 unless told. */
  readonly commandTimeoutMillis?: number;
  /**
   * How many replicas must have confirmed an append, the replacement of a record, or a beat before it counts; 0 unless
   * told. Where fewer did in half the deadline, the write is of unknown outcome, and the beat proves nothing.
   */
  readonly replicas?: number;
}

/** Connects in the background; the first calls wait for it within their deadline. Throws ERR_INPUT_INVALID. */
export function connectRedisEventLog(options: RedisEventLogOptions): RedisEventLog {
  return new RedisEventLog(options);
}

/**
 * On each primary a connection for commands, one for beats, so that they wait behind nothing, and one for writes where
 * they wait for replicas. Two for each near cache; one for each tail, on a Cluster one for each partition of each tail.
 */
export class RedisEventLog implements EventLog {
  readonly partitions: number;
  readonly #keys: KeyNames;
  readonly #all: readonly Partition[];
  readonly #topology: RedisTopology;
  readonly #replicas: number;
  readonly #timeouts: { readonly commandTimeoutMillis: number; readonly waitMillis: number };
  readonly #commands: RedisLane;
  readonly #writes: RedisLane;
  readonly #beats: RedisLane;
  readonly #tails = new Set<LogTail>();
  readonly #caches = new Set<NearRecordCache>();
  #signs = 0;

  constructor({ url, realm, partitions, commandTimeoutMillis = 1_000, replicas = 0 }: RedisEventLogOptions) {
    this.partitions = partitions;
    this.#keys = new KeyNames(realm);
    this.#all = ['realm', ...Array(partitions).keys()];
    this.#replicas = replicas;
    this.#timeouts = { commandTimeoutMillis, waitMillis: Math.ceil(commandTimeoutMillis / 2) };
    this.#topology = openRedisTopology(url, { partitions: this.#all, commandTimeoutMillis }, (partition) =>
      this.#keys.meta(partition),
    );
    this.#commands = this.#lane('authlab-commands', (connection) => new SingleCalls(connection));
    const batched = (connection: RedisConnection) => new BatchedCalls(connection, replicas, this.#timeouts.waitMillis);
    this.#writes = replicas === 0 ? this.#commands : this.#lane('authlab-writes', batched);
    this.#beats = this.#lane('authlab-beats', batched);
  }

  partitionOfUser(sub: string): number {
    return partitionOfUser(sub, this.partitions);
  }

  async append(request: AppendRequest): Promise<AppendResult> {
    const { keys, args } = appendArguments(this.#keys, request);
    const reply = await this.#write(request.partition, scriptCommand<readonly string[]>(scripts.append, keys, args));
    const [outcome, version, epoch, number, id] = reply;
    if (outcome === 'conflict') return { ok: false, reason: 'version-conflict', actualVersion: Number(version) };
    const position = toPosition([epoch, number, id]);
    return { ok: true, version: Number(version), position, repeated: outcome === 'repeated' };
  }

  async readUser(partition: Partition, stream: string): Promise<UserRecord> {
    const { value, birth } = await this.#readPlaced(partition, this.#keys.user(partition, stream));
    return { ...toUser(value), birth };
  }

  readRecord(partition: Partition, record: RecordName): Promise<string | null> {
    return this.#commands.get(partition, this.#keys.record(partition, record));
  }

  readPlacedRecord(partition: Partition, record: RecordName): Promise<PlacedRecord> {
    return this.#readPlaced(partition, this.#keys.record(partition, record));
  }

  async replaceRecord(partition: Partition, record: RecordName, replacement: RecordReplacement): Promise<boolean> {
    const { was, value, expiresAtMillis } = replacement;
    const key = this.#keys.record(partition, record);
    const args = [was, value, `${Math.ceil(expiresAtMillis)}`];
    return (await this.#write(partition, scriptCommand<number>(scripts.replace, [key], args))) === 1;
  }

  openRecordCache(options: RecordCacheOptions): RecordCache {
    const link = {
      ...this.#timeouts,
      topology: this.#topology,
      keys: this.#keys,
      partitions: this.#all,
      replicas: this.#replicas,
      connectionName: 'authlab-records',
    };
    const source = {
      keyOf: (partition: number, record: RecordName) => this.#keys.record(partition, record),
      readDirectly: (partition: number, record: RecordName) => this.readRecord(partition, record),
      connect: (listener: LinkListener) => connectRedisRecordLink(link, listener),
    };
    const cache = new NearRecordCache(options, source, (closed) => this.#caches.delete(closed));
    this.#caches.add(cache);
    return cache;
  }

  async beat(partition: Partition, membership?: Membership): Promise<Position> {
    const args = membership === undefined ? [] : [membership.nodeId, writeMember(membership, this.#nextSign())];
    const command = scriptCommand<readonly string[]>(scripts.beat, beatKeys(this.#keys, partition), args);
    return toPosition(await this.#beats.run(partition, 'ERR_LOG_UNAVAILABLE', command));
  }

  /** Among the beats, in their order: an earlier one must not undo it. */
  async report(partition: Partition, membership: Membership): Promise<void> {
    const field = writeMember(membership, this.#nextSign());
    await this.#beats.run(partition, 'ERR_LOG_UNAVAILABLE', ({ next }) =>
      next().hset(this.#keys.members(partition), membership.nodeId, field),
    );
  }

  async readMembers(partition: Partition): Promise<readonly Member[]> {
    const fields = await this.#ask(partition, ({ next }) => next().hgetall(this.#keys.members(partition)));
    return Object.entries(fields).map(([nodeId, field]) => readMember(nodeId, field));
  }

  async removeMember(partition: Partition, { nodeId, sign }: Member): Promise<void> {
    const key = this.#keys.members(partition);
    await this.#ask(partition, scriptCommand<number>(scripts.removeMember, [key], [nodeId, sign]));
  }

  async readRevocations(partition: Partition, nowMillis: number): Promise<RevocationSnapshot> {
    // The position first: what comes into the index while it is read only adds to it.
    const from = await this.beat(partition);
    return { from, entries: scanRevocations(this.#commands, partition, this.#keys.revocations(partition), nowMillis) };
  }

  openTail(): LogTail {
    const onClose = (closed: LogTail): boolean => this.#tails.delete(closed);
    const tail = this.#topology.spreads ? new SpreadTail(() => this.#tail(), onClose) : this.#tail(onClose);
    this.#tails.add(tail);
    return tail;
  }

  async readEntries(partition: Partition, afterId: string, limit: number): Promise<readonly LogEntry[]> {
    const key = this.#keys.events(partition);
    const entries = await this.#ask(partition, ({ next }) => next().xrange(key, `(${afterId}`, '+', 'COUNT', limit));
    return entries.map(decodeEntry);
  }

  async close(): Promise<void> {
    for (const opened of [...this.#tails, ...this.#caches]) await opened.close();
    for (const lane of [this.#commands, this.#writes, this.#beats]) lane.close();
    this.#topology.close();
  }

  async #readPlaced(partition: Partition, key: string): Promise<PlacedRecord> {
    // The birth last: a log that was emptied in between has another by then.
    const [value, marker] = await this.#commands.pair(partition, [key, this.#keys.birth(partition)]);
    return { value, birth: toBirth(marker) };
  }

  #nextSign(): string {
    this.#signs += 1;
    return `${this.#signs}`;
  }

  #ask<Reply>(partition: Partition, command: RedisCommand<Reply>): Promise<Reply> {
    return this.#commands.run(partition, 'ERR_LOG_UNAVAILABLE', command);
  }

  #write<Reply>(partition: Partition, command: RedisCommand<Reply>): Promise<Reply> {
    return this.#writes.run(partition, 'ERR_LOG_OUTCOME_UNKNOWN', command);
  }

  #lane(connectionName: string, callsOn: (connection: RedisConnection) => RedisCalls): RedisLane {
    const { commandTimeoutMillis } = this.#timeouts;
    return new RedisLane(this.#topology, commandTimeoutMillis, (server) =>
      callsOn(new RedisConnection(server, { connectionName, commandTimeoutMillis })),
    );
  }

  #tail(onClose: (tail: LogTail) => void = () => undefined): RedisTail {
    return new RedisTail(this.#topology, { ...this.#timeouts, connectionName: 'authlab-tail' }, this.#keys, onClose);
  }
}

const scripts = {
  append: loadedScript(appendScript),
  beat: loadedScript(beatScript),
  replace: loadedScript(replaceScript),
  removeMember: loadedScript(removeMemberScript),
};
