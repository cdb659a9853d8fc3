/**
 * The event log as the rest of authlab sees it. Two adapters keep this contract: Redis Streams (`redis-event-log.ts`)
 * and the in-memory twin (`memory-event-log.ts`); `event-log.contract.ts` holds both to it.
 */

import type { AccountEvent } from '../domain/events.ts';

/** A user's partition by number, or the realm's own, where the signing keys' events belong. */
export type Partition = number | 'realm';

/**
 * Which life of the log a position belongs to. It changes when Redis restarts or another server takes over, also when
 * the log came back empty; texts are equal only for the same life.
 */
export type Epoch = string;

/** A place in one partition. */
export interface Position {
  readonly epoch: Epoch;
  /** Dense: the partition's events are numbered 1, 2, 3 …; 0 stands before the first. Numbers go on across epochs. */
  readonly number: number;
  /** The Redis Stream entry id, `0-0` before the first event. */
  readonly id: string;
}

export interface LogEntry {
  readonly position: Position;
  /** Entry id of the event before this one in the partition. */
  readonly predecessor: string;
  /** The user the event belongs to. */
  readonly stream: string;
  /** Counts that user's events from 1. */
  readonly version: number;
  /** As written; a type that this version does not know is passed on for the reader to refuse. */
  readonly event: AccountEvent | { readonly type: string };
}

/** A record kept in the log's partition, written in the same step as the events it follows from. */
export interface RecordName {
  readonly kind: 'session' | 'denied' | 'family';
  readonly id: string;
}

/** What an inline projection asks to be written together with an event. */
export type Effect =
  | { readonly type: 'put'; readonly record: RecordName; readonly value: string; readonly expiresAtMillis: number }
  | { readonly type: 'remove'; readonly record: RecordName }
  /** Adds to the partition's revocation index. An id that is there keeps the later expiry. */
  | { readonly type: 'revoke'; readonly id: string; readonly expiresAtMillis: number };

export interface AppendRequest {
  readonly partition: number;
  readonly stream: string;
  /** The version the decision was made on; 0 for a user without events. */
  readonly expectedVersion: number;
  /** At least one. */
  readonly events: readonly AccountEvent[];
  readonly effects: readonly Effect[];
  /** The user's state after the events, as read back by `readUser`. */
  readonly state: string;
  /** Makes a retry idempotent: an append already done under this id answers as it did then. 22 base64url characters. */
  readonly operationId: string;
}

export type AppendResult =
  | { readonly ok: true; readonly version: number; readonly position: Position; readonly repeated: boolean }
  | { readonly ok: false; readonly reason: 'version-conflict'; readonly actualVersion: number };

export interface UserRecord {
  readonly version: number;
  /** What the last append wrote, or null for a user without events. */
  readonly state: string | null;
}

export interface RevocationEntry {
  readonly id: string;
  readonly expiresAtMillis: number;
}

export interface EventLog {
  /** Users are spread over this many partitions. */
  readonly partitions: number;
  partitionOfUser(sub: string): number;

  /**
   * Appends all events and writes all effects, or nothing. One round trip.
   * @throws ERR_LOG_UNAVAILABLE nothing was sent; ERR_LOG_OUTCOME_UNKNOWN perhaps done; ERR_LOG_REFUSED Redis said no.
   */
  append(request: AppendRequest): Promise<AppendResult>;

  /** The state to decide on. One round trip. Throws ERR_LOG_UNAVAILABLE. */
  readUser(partition: number, stream: string): Promise<UserRecord>;

  /** A record, or null when it is absent or expired. One round trip, one `GET`. Throws ERR_LOG_UNAVAILABLE. */
  readRecord(partition: number, record: RecordName): Promise<string | null>;

  /**
   * Proof of contact: a writing script on the primary that answers with the end of the partition. Whatever was
   * acknowledged before this call was made is at or before the returned position. Throws ERR_LOG_UNAVAILABLE.
   */
  beat(partition: Partition): Promise<Position>;

  /**
   * Unexpired revocations in pages, each with the position from which the tail is to be followed: the index as read
   * holds at least every revocation up to that position. Throws ERR_LOG_UNAVAILABLE.
   */
  readRevocations(partition: Partition, nowMillis: number): Promise<RevocationSnapshot>;

  /** Opens a tail on connections of its own. */
  openTail(): LogTail;

  /** All retained events of a partition after an entry id (exclusive), oldest first; for audit and tests. */
  readEntries(partition: Partition, afterId: string, limit: number): Promise<readonly LogEntry[]>;

  close(): Promise<void>;
}

export interface RevocationSnapshot {
  readonly from: Position;
  readonly entries: AsyncIterable<readonly RevocationEntry[]>;
}

export interface LogTail {
  /**
   * Waits for entries after the given entry ids, for at most `waitMillis`; an empty list proves nothing.
   * Answers each entry with its partition, in order within a partition. Throws ERR_LOG_UNAVAILABLE when the
   * connection is lost or silent for longer than the wait plus a margin; the next call reconnects.
   */
  read(after: ReadonlyMap<Partition, string>, waitMillis: number): Promise<readonly TailEntry[]>;
  close(): Promise<void>;
}

export interface TailEntry {
  readonly partition: Partition;
  readonly entry: LogEntry;
}
