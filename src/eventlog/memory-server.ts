/** What Redis and the scripts are to the real log: the state of all partitions, changed in steps nobody sees half of. */

import type { Clock } from '../kernel/clock.ts';
import { AuthlabError } from '../kernel/errors.ts';
import { operationLifetimeMillis } from './append-script.ts';
import { decodeEntry } from './entry-codec.ts';
import { readMember, writeMember } from './members.ts';
import {
  addEntry,
  applyEffect,
  compareIds,
  copyPartition,
  newPartition,
  noUser,
  type PartitionState,
  positionOf,
  recordKey,
} from './memory-partition.ts';
import { MemoryRuns } from './memory-runs.ts';
import type {
  AppendRequest,
  AppendResult,
  LogEntry,
  Member,
  Membership,
  Partition,
  PlacedRecord,
  Position,
  RecordName,
  RecordReplacement,
  RevocationEntry,
  UserRecord,
} from './port.ts';

/** Who is told what happens to records: `null` for all of them. */
export interface RecordWatcher {
  changed(keys: readonly string[] | null): void;
  /** The server has gone, and with it every connection. */
  lost(): void;
}

/** Shared by all the logs of one test. */
export class MemoryServer {
  readonly #clock: Clock;
  readonly #partitions = new Map<Partition, PartitionState>();
  readonly #waiting = new Set<() => void>();
  readonly #watchers = new Set<RecordWatcher>();
  /** Replicas that confirm what is written; what a log that demands more of them writes is not known to be durable. */
  replicas = 0;
  readonly #runs: MemoryRuns;
  #signs = 0;

  constructor(clock: Clock, runs = new MemoryRuns(clock)) {
    this.#clock = clock;
    this.#runs = runs;
  }

  /**
   * Another server that holds what this one holds at this moment: the replica that is promoted without what comes later,
   * or the same server after a crash that lost it. It has a run id and watchers of its own.
   */
  copy(): MemoryServer {
    const copy = new MemoryServer(this.#clock, this.#runs.another());
    for (const [partition, state] of this.#partitions) copy.#partitions.set(partition, copyPartition(state));
    copy.#signs = this.#signs;
    return copy;
  }

  /** A new run id, hence a new epoch; with `empty` also without any data, like a Redis that does not persist. */
  restart(options: { readonly empty: boolean }): void {
    this.#runs.begin();
    if (options.empty) this.#partitions.clear();
    for (const watcher of [...this.#watchers]) watcher.lost();
  }

  /** Loses all data in one step, as FLUSHALL does. */
  flush(): void {
    this.#partitions.clear();
    this.#tell(null);
  }

  append(request: AppendRequest): AppendResult {
    const state = this.#state(request.partition);
    const now = this.#clock.wallMillis();
    const known = state.operations.get(request.operationId);
    if (known !== undefined && known.expiresAtMillis > now) return { ...known.result, ...{ repeated: true } };
    const user = state.users.get(request.stream) ?? noUser;
    const { version: actualVersion } = user;
    const { expectedVersion, expectedOperationId = user.operationId } = request;
    if (actualVersion !== expectedVersion || user.operationId !== expectedOperationId) {
      return { ok: false, reason: 'version-conflict', actualVersion };
    }

    const senseless = request.effects.some((effect) => effect.type !== 'remove' && !(effect.expiresAtMillis > 0));
    if (senseless || request.events.length === 0) {
      throw new AuthlabError('ERR_LOG_REFUSED', 'the in-memory log answered INVALID');
    }

    const epoch = this.#runs.epochOf(state);
    let version = actualVersion;
    for (const event of request.events) {
      version += 1;
      addEntry(
        state,
        {
          number: `${state.number + 1}`,
          epoch,
          predecessor: state.id,
          stream: request.stream,
          version: `${version}`,
          event: JSON.stringify(event),
        },
        now,
      );
    }
    state.users.set(request.stream, { version, state: request.state, operationId: request.operationId });
    for (const effect of request.effects) applyEffect(state, request.partition, effect, now);
    this.#tell(
      request.effects.flatMap((effect) =>
        effect.type === 'revoke' ? [] : [recordKey(request.partition, effect.record)],
      ),
    );
    const result = { ok: true as const, version, position: positionOf(state), repeated: false };
    state.operations.set(request.operationId, { result, expiresAtMillis: now + operationLifetimeMillis });
    for (const [id, expiry] of state.revocations) if (expiry < now) state.revocations.delete(id);
    this.#wake();
    return result;
  }

  beat(partition: Partition, membership?: Membership): Position {
    const state = this.#state(partition);
    this.#runs.epochOf(state);
    if (membership !== undefined) this.report(partition, membership);
    return positionOf(state);
  }

  report(partition: Partition, membership: Membership): void {
    this.#signs += 1;
    this.#state(partition).members.set(membership.nodeId, writeMember(membership, `${this.#signs}`));
  }

  readMembers(partition: Partition): readonly Member[] {
    return [...this.#state(partition).members].map(([nodeId, field]) => readMember(nodeId, field));
  }

  removeMember(partition: Partition, { nodeId, sign }: Member): void {
    const { members } = this.#state(partition);
    if (members.get(nodeId) === sign) members.delete(nodeId);
  }

  readUser(partition: Partition, stream: string): UserRecord {
    const { users, birth } = this.#state(partition);
    return { ...(users.get(stream) ?? noUser), birth };
  }

  readPlacedRecord(partition: Partition, record: RecordName): PlacedRecord {
    return { value: this.readRecord(partition, record), birth: this.#state(partition).birth };
  }

  readRecord(partition: Partition, record: RecordName): string | null {
    const found = this.#state(partition).records.get(recordKey(partition, record));
    return found !== undefined && found.expiresAtMillis > this.#clock.wallMillis() ? found.value : null;
  }

  replaceRecord(partition: Partition, record: RecordName, { was, value, expiresAtMillis }: RecordReplacement): boolean {
    if (this.readRecord(partition, record) !== was) return false;
    const key = recordKey(partition, record);
    this.#state(partition).records.set(key, { value, expiresAtMillis });
    this.#tell([key]);
    return true;
  }

  /** Tells of every change of a record from now on. Returns how to stop. */
  watchRecords(watcher: RecordWatcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  readRevocations(partition: Partition, nowMillis: number): readonly RevocationEntry[] {
    return [...this.#state(partition).revocations]
      .filter(([, expiresAtMillis]) => expiresAtMillis >= nowMillis)
      .map(([id, expiresAtMillis]) => ({ id, expiresAtMillis }));
  }

  readEntries(partition: Partition, afterId: string, limit: number): readonly LogEntry[] {
    const { entries } = this.#state(partition);
    const first = entries.findLastIndex(([id]) => compareIds(id, afterId) <= 0) + 1;
    return entries.slice(first, first + limit).map(decodeEntry);
  }

  /** What `$` means to a reader: the last entry at this moment, whatever the reader has seen. */
  lastId(partition: Partition): string {
    return this.#state(partition).id;
  }

  /** Forgets all entries but the last ones, as XTRIM does. What was made of them stays. */
  trim(partition: Partition, kept: number): void {
    const { entries } = this.#state(partition);
    entries.splice(0, Math.max(0, entries.length - kept));
  }

  /** Writes fields as they are, past all rules: how a test plants an entry that cannot be read, or a gap. */
  plant(partition: Partition, fields: Readonly<Record<string, string>>): string {
    const state = this.#state(partition);
    this.#runs.epochOf(state);
    addEntry(state, fields, this.#clock.wallMillis());
    this.#wake();
    return state.id;
  }

  /** Calls back once, at the next append or planting. Returns how to stop waiting. */
  onceAppended(listener: () => void): () => void {
    this.#waiting.add(listener);
    return () => this.#waiting.delete(listener);
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const listener of waiting) listener();
  }

  #tell(keys: readonly string[] | null): void {
    for (const watcher of [...this.#watchers]) watcher.changed(keys);
  }

  #state(partition: Partition): PartitionState {
    let state = this.#partitions.get(partition);
    if (state === undefined) {
      state = newPartition();
      this.#partitions.set(partition, state);
    }
    return state;
  }
}
