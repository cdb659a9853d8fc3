/** An event log that counts what is asked of it, keeps what is written to it, and can be cut off; for the contract suite. */

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
} from '../eventlog/port.ts';
import { AuthlabError } from '../kernel/errors.ts';

export class ObservedLog implements EventLog {
  readonly partitions: number;
  /** Everything that strategies wrote, to look for what must not be there. */
  readonly appended: AppendRequest[] = [];
  /** Calls that a command or a check made; beats and tails are not counted. */
  calls = 0;
  /** While true, commands and checks get no answer, because nothing can be sent. */
  away = false;
  readonly #log: EventLog;

  constructor(log: EventLog) {
    this.#log = log;
    this.partitions = log.partitions;
  }

  partitionOfUser(sub: string): number {
    return this.#log.partitionOfUser(sub);
  }

  append(request: AppendRequest): Promise<AppendResult> {
    return this.#ask(() => {
      this.appended.push(request);
      return this.#log.append(request);
    });
  }

  readUser(partition: Partition, stream: string): Promise<UserRecord> {
    return this.#ask(() => this.#log.readUser(partition, stream));
  }

  readRecord(partition: Partition, record: RecordName): Promise<string | null> {
    return this.#ask(() => this.#log.readRecord(partition, record));
  }

  readPlacedRecord(partition: Partition, record: RecordName): Promise<PlacedRecord> {
    return this.#ask(() => this.#log.readPlacedRecord(partition, record));
  }

  replaceRecord(partition: Partition, record: RecordName, replacement: RecordReplacement): Promise<boolean> {
    return this.#ask(() => this.#log.replaceRecord(partition, record, replacement));
  }

  /** A hit asks nobody; what the cache has to ask for is counted, and cut off, like any other call. */
  openRecordCache(options: RecordCacheOptions): RecordCache {
    const cache = this.#log.openRecordCache(options);
    return {
      read: (partition, record) => {
        const answer = cache.read(partition, record);
        return answer instanceof Promise ? this.#ask(() => answer) : answer;
      },
      status: () => cache.status(),
      close: () => cache.close(),
    };
  }

  beat(partition: Partition, membership?: Membership): Promise<Position> {
    return this.#log.beat(partition, membership);
  }

  report(partition: Partition, membership: Membership): Promise<void> {
    return this.#log.report(partition, membership);
  }

  readMembers(partition: Partition): Promise<readonly Member[]> {
    return this.#log.readMembers(partition);
  }

  removeMember(partition: Partition, member: Member): Promise<void> {
    return this.#log.removeMember(partition, member);
  }

  readRevocations(partition: Partition, nowMillis: number): Promise<RevocationSnapshot> {
    return this.#log.readRevocations(partition, nowMillis);
  }

  openTail(): LogTail {
    return this.#log.openTail();
  }

  readEntries(partition: Partition, afterId: string, limit: number): Promise<readonly LogEntry[]> {
    return this.#log.readEntries(partition, afterId, limit);
  }

  close(): Promise<void> {
    return this.#log.close();
  }

  #ask<Reply>(call: () => Promise<Reply>): Promise<Reply> {
    if (this.away) return Promise.reject(new AuthlabError('ERR_LOG_UNAVAILABLE', 'the log was cut off by the test'));
    this.calls += 1;
    return call();
  }
}
