/** The event log as a node of a randomized run has it: the in-memory twin, reached over a link that can fail. */

import type { MemoryEventLog } from '../eventlog/memory-event-log.ts';
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
} from '../eventlog/port.ts';
import type { Channel, Link, Target } from './link.contract.ts';

export interface LinkedLogOptions {
  readonly link: Link;
  readonly commandTimeoutMillis: number;
  /** A beat of this node was answered; it had been sent at this true time. */
  readonly onBeat: (partition: Partition, sentAt: number) => void;
  readonly now: () => number;
}

export class LinkedLog implements EventLog {
  readonly #options: LinkedLogOptions;

  constructor(options: LinkedLogOptions) {
    this.#options = options;
  }

  get partitions(): number {
    return this.#log.partitions;
  }

  partitionOfUser(sub: string): number {
    return this.#log.partitionOfUser(sub);
  }

  append(request: AppendRequest): Promise<AppendResult> {
    return this.#write(request.partition, (log) => log.append(request));
  }

  readUser(partition: Partition, stream: string): Promise<UserRecord> {
    return this.#read(partition, (log) => log.readUser(partition, stream));
  }

  readRecord(partition: Partition, record: RecordName): Promise<string | null> {
    return this.#read(partition, (log) => log.readRecord(partition, record));
  }

  readPlacedRecord(partition: Partition, record: RecordName): Promise<PlacedRecord> {
    return this.#read(partition, (log) => log.readPlacedRecord(partition, record));
  }

  replaceRecord(partition: Partition, record: RecordName, replacement: RecordReplacement): Promise<boolean> {
    return this.#write(partition, (log) => log.replaceRecord(partition, record, replacement));
  }

  openRecordCache(options: RecordCacheOptions): RecordCache {
    return this.#log.openRecordCache(options);
  }

  async beat(partition: Partition, membership?: Membership): Promise<Position> {
    const sentAt = this.#options.now();
    const position = await this.#read(partition, (log) => log.beat(partition, membership), 'beats');
    this.#options.onBeat(partition, sentAt);
    return position;
  }

  report(partition: Partition, membership: Membership): Promise<void> {
    return this.#read(partition, (log) => log.report(partition, membership), 'beats');
  }

  readMembers(partition: Partition): Promise<readonly Member[]> {
    return this.#read(partition, (log) => log.readMembers(partition));
  }

  removeMember(partition: Partition, member: Member): Promise<void> {
    return this.#read(partition, (log) => log.removeMember(partition, member));
  }

  async readRevocations(partition: Partition, nowMillis: number): Promise<RevocationSnapshot> {
    const { from, entries } = await this.#read(partition, (log) => log.readRevocations(partition, nowMillis));
    return { from, entries: this.#pages(partition, entries) };
  }

  openTail(): LogTail {
    return new LinkedTail(this.#options.link, this.#options.commandTimeoutMillis);
  }

  readEntries(partition: Partition, afterId: string, limit: number): Promise<readonly LogEntry[]> {
    return this.#read(partition, (log) => log.readEntries(partition, afterId, limit));
  }

  close(): Promise<void> {
    return this.#log.close();
  }

  get #log(): MemoryEventLog {
    return this.#options.link.target.log;
  }

  #write<Reply>(partition: Partition, work: (log: MemoryEventLog) => Promise<Reply>): Promise<Reply> {
    const { link, commandTimeoutMillis: deadlineMillis } = this.#options;
    return link.carry({ channel: 'commands', partition, unanswered: 'ERR_LOG_OUTCOME_UNKNOWN', deadlineMillis, work });
  }

  #read<Reply>(
    partition: Partition,
    work: (log: MemoryEventLog) => Promise<Reply>,
    channel: Channel = 'commands',
  ): Promise<Reply> {
    const { link, commandTimeoutMillis: deadlineMillis } = this.#options;
    return link.carry({ channel, partition, unanswered: 'ERR_LOG_UNAVAILABLE', deadlineMillis, work });
  }

  /** The second step of a rebuild: things may have happened since the first. */
  async *#pages(
    partition: Partition,
    entries: AsyncIterable<readonly RevocationEntry[]>,
  ): AsyncGenerator<readonly RevocationEntry[]> {
    const pages = await this.#read(partition, async () => {
      const read: (readonly RevocationEntry[])[] = [];
      for await (const page of entries) read.push(page);
      return read;
    });
    yield* pages;
  }
}

/** A margin that the Redis adapter leaves a blocking read, too. */
const tailMarginMillis = 250;

class LinkedTail implements LogTail {
  readonly #link: Link;
  readonly #marginMillis: number;
  #opened: { readonly target: Target; readonly tail: LogTail } | null = null;

  constructor(link: Link, commandTimeoutMillis: number) {
    this.#link = link;
    this.#marginMillis = Math.min(tailMarginMillis, commandTimeoutMillis);
  }

  async read(after: ReadonlyMap<Partition, string>, waitMillis: number): Promise<readonly TailEntry[]> {
    const entries = await this.#link.carry({
      channel: 'tail',
      partition: null,
      unanswered: 'ERR_LOG_UNAVAILABLE',
      deadlineMillis: waitMillis + this.#marginMillis,
      work: () => this.#tail().read(this.#reachable(after, 'request'), waitMillis),
    });
    // A reader that is stuck holds up its own partition alone: what it would have read is read again later.
    return entries.filter(({ partition }) => !this.#link.isStalled('tail', 'reply', partition));
  }

  async close(): Promise<void> {
    await this.#opened?.tail.close();
  }

  #reachable(after: ReadonlyMap<Partition, string>, way: 'request'): ReadonlyMap<Partition, string> {
    return new Map([...after].filter(([partition]) => !this.#link.isStalled('tail', way, partition)));
  }

  #tail(): LogTail {
    const { target } = this.#link;
    if (this.#opened?.target !== target) this.#opened = { target, tail: target.log.openTail() };
    return this.#opened.tail;
  }
}
