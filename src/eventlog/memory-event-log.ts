/** The in-memory twin of the event log, for tests that need thousands of runs or a fault at a chosen moment. */

import type { Clock } from '../kernel/clock.ts';
import { AuthlabError } from '../kernel/errors.ts';
import { partitionOfUser } from './key-names.ts';
import { type MemoryCall, MemoryFaults } from './memory-faults.ts';
import { recordKey } from './memory-partition.ts';
import { MemoryRecordLink } from './memory-record-cache.ts';
import { MemoryServer } from './memory-server.ts';
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
  TailEntry,
  UserRecord,
} from './port.ts';
import { type LinkListener, NearRecordCache } from './record-cache.ts';
import { confirmReplication } from './replication.ts';

export interface MemoryEventLogOptions {
  readonly partitions: number;
  readonly clock: Clock;
  /** Several logs over one server are several nodes of one realm; without it the log has a server of its own. */
  readonly server?: MemoryServer;
  /** How many replicas must confirm each append, renewal and beat; 0 unless told. */
  readonly replicas?: number;
}

/** One node's link to the server. Deadlines are the test's: a call that is held stays until it is let go. */
export class MemoryEventLog implements EventLog {
  readonly partitions: number;
  readonly server: MemoryServer;
  readonly faults = new MemoryFaults();
  readonly #tails = new Set<MemoryTail>();
  readonly #caches = new Set<NearRecordCache>();
  readonly #replicas: number;
  #closed = false;

  constructor(options: MemoryEventLogOptions) {
    this.partitions = options.partitions;
    this.#replicas = options.replicas ?? 0;
    this.server = options.server ?? new MemoryServer(options.clock);
  }

  partitionOfUser(sub: string): number {
    return partitionOfUser(sub, this.partitions);
  }

  append(request: AppendRequest): Promise<AppendResult> {
    return this.#write('ERR_LOG_OUTCOME_UNKNOWN', 'append', (server) => server.append(request));
  }

  readUser(partition: Partition, stream: string): Promise<UserRecord> {
    return this.faults.carry('read', () => this.#open().readUser(partition, stream));
  }

  readPlacedRecord(partition: Partition, record: RecordName): Promise<PlacedRecord> {
    return this.faults.carry('read', () => this.#open().readPlacedRecord(partition, record));
  }

  readRecord(partition: Partition, record: RecordName): Promise<string | null> {
    return this.faults.carry('read', () => this.#open().readRecord(partition, record));
  }

  replaceRecord(partition: Partition, record: RecordName, replacement: RecordReplacement): Promise<boolean> {
    return this.#write('ERR_LOG_OUTCOME_UNKNOWN', 'append', (server) =>
      server.replaceRecord(partition, record, replacement),
    );
  }

  openRecordCache(options: RecordCacheOptions): RecordCache {
    const source = {
      keyOf: recordKey,
      readDirectly: (partition: number, record: RecordName) => this.readRecord(partition, record),
      connect: (listener: LinkListener) => MemoryRecordLink.connect(this.server, this.faults, listener),
    };
    const cache = new NearRecordCache(options, source, (closed) => this.#caches.delete(closed));
    this.#caches.add(cache);
    return cache;
  }

  beat(partition: Partition, membership?: Membership): Promise<Position> {
    return this.#write('ERR_LOG_UNAVAILABLE', 'beat', (server) => server.beat(partition, membership));
  }

  report(partition: Partition, membership: Membership): Promise<void> {
    return this.faults.carry('beat', () => this.#open().report(partition, membership));
  }

  readMembers(partition: Partition): Promise<readonly Member[]> {
    return this.faults.carry('read', () => this.#open().readMembers(partition));
  }

  removeMember(partition: Partition, member: Member): Promise<void> {
    return this.faults.carry('append', () => this.#open().removeMember(partition, member));
  }

  async readRevocations(partition: Partition, nowMillis: number): Promise<RevocationSnapshot> {
    const from = await this.#write('ERR_LOG_UNAVAILABLE', 'read', (server) => server.beat(partition));
    return { from, entries: this.#page(partition, nowMillis) };
  }

  openTail(): LogTail {
    const tail = new MemoryTail(this.#open(), this.faults, (closed) => this.#tails.delete(closed));
    this.#tails.add(tail);
    return tail;
  }

  readEntries(partition: Partition, afterId: string, limit: number): Promise<readonly LogEntry[]> {
    return this.faults.carry('read', () => this.#open().readEntries(partition, afterId, limit));
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const opened of [...this.#tails, ...this.#caches]) await opened.close();
  }

  /** Done on the server first, and confirmed by its replicas, or not, as WAIT does it. */
  #write<Reply>(
    unanswered: 'ERR_LOG_UNAVAILABLE' | 'ERR_LOG_OUTCOME_UNKNOWN',
    call: MemoryCall,
    work: (server: MemoryServer) => Reply,
  ): Promise<Reply> {
    return this.faults.carry(call, () => {
      const server = this.#open();
      const reply = work(server);
      confirmReplication(server.replicas, this.#replicas, unanswered);
      return reply;
    });
  }

  async *#page(partition: Partition, nowMillis: number): AsyncGenerator<readonly RevocationEntry[]> {
    const page = await this.faults.carry('read', () => this.#open().readRevocations(partition, nowMillis));
    if (page.length > 0) yield page;
  }

  #open(): MemoryServer {
    if (this.#closed) throw new AuthlabError('ERR_LOG_UNAVAILABLE', 'the log is closed');
    return this.server;
  }
}

class MemoryTail implements LogTail {
  readonly #server: MemoryServer;
  readonly #faults: MemoryFaults;
  readonly #onClose: (tail: MemoryTail) => void;
  readonly #wakers = new Set<() => void>();
  #closed = false;

  constructor(server: MemoryServer, faults: MemoryFaults, onClose: (tail: MemoryTail) => void) {
    this.#server = server;
    this.#faults = faults;
    this.#onClose = onClose;
  }

  read(after: ReadonlyMap<Partition, string>, waitMillis: number): Promise<readonly TailEntry[]> {
    return this.#faults.carry('tail', async () => {
      const from = this.#placed(after);
      if (!this.#closed && this.#entries(from).length === 0) await this.#appended(from, waitMillis);
      if (this.#closed) throw new AuthlabError('ERR_LOG_UNAVAILABLE', 'the tail is closed');
      return this.#entries(from);
    });
  }

  close(): Promise<void> {
    this.#closed = true;
    for (const wake of [...this.#wakers]) wake();
    this.#onClose(this);
    return Promise.resolve();
  }

  /** Redis reads `$` as the last entry when the call arrives. Nobody should say it; a test shows what comes of it. */
  #placed(after: ReadonlyMap<Partition, string>): ReadonlyMap<Partition, string> {
    return new Map([...after].map(([partition, id]) => [partition, id === '$' ? this.#server.lastId(partition) : id]));
  }

  #entries(after: ReadonlyMap<Partition, string>): TailEntry[] {
    return [...after].flatMap(([partition, id]) =>
      this.#server
        .readEntries(partition, id, Number.POSITIVE_INFINITY)
        .map((entry): TailEntry => ({ partition, entry })),
    );
  }

  /** Until something is appended where the read looks, the wait is over, or the tail is closed. */
  #appended(from: ReadonlyMap<Partition, string>, waitMillis: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        forget();
        this.#wakers.delete(wake);
        resolve();
      };
      // As in Redis, a read that is under way is deaf to every stream that it did not name.
      const look = (): void => {
        if (this.#entries(from).length > 0) wake();
        else forget = this.#server.onceAppended(look);
      };
      const timer = setTimeout(wake, waitMillis);
      let forget = this.#server.onceAppended(look);
      this.#wakers.add(wake);
    });
  }
}
