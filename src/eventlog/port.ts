/**
 * The event log as the rest of authlab sees it. Two adapters keep this contract: Redis Streams (`redis-event-log.ts`)
 * and the in-memory twin (`memory-event-log.ts`); `event-log.contract.ts` holds both to it.
 */

import type { LogEvent } from '../domain/events.ts';
import type { Clock } from '../kernel/clock.ts';

/** A user's partition by number, or the realm's own, where the signing keys' events stand. */
export type Partition = number | 'realm';

/**
 * Which life of the log a position belongs to: `<birth>.<turn>-<run id>`. It changes when Redis restarts or another
 * server takes over, and texts are equal only for the same life. `birthOf` tells the birth.
 */
export type Epoch = string;

/**
 * When the partition began, in microseconds of the server's clock: another only when the log came back empty. It names
 * a log, and is compared for being equal; as a time it means nothing.
 */
export type Birth = number;

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
  readonly event: LogEvent | { readonly type: string };
}

/** A record kept in the log's partition, written in the same step as the events it follows from. */
export interface RecordName {
  readonly kind: 'session' | 'denied' | 'family' | 'epoch' | 'password';
  readonly id: string;
}

/** What an inline projection asks to be written together with an event. */
export type Effect =
  | { readonly type: 'put'; readonly record: RecordName; readonly value: string; readonly expiresAtMillis: number }
  /** As `put`, but only where the record still is: what has expired or was removed does not come back. */
  | { readonly type: 'replace'; readonly record: RecordName; readonly value: string; readonly expiresAtMillis: number }
  | { readonly type: 'remove'; readonly record: RecordName }
  /** Adds to the partition's revocation index. An id that is there keeps the later expiry. */
  | { readonly type: 'revoke'; readonly id: string; readonly expiresAtMillis: number };

export interface AppendRequest {
  readonly partition: Partition;
  readonly stream: string;
  /** The version the decision was made on; 0 for a user without events. */
  readonly expectedVersion: number;
  /**
   * By which append the state had been written that the decision was made on; null for a user without events. Where
   * another server has taken over without the latest events, the same version can stand for another state. Absent: not
   * compared.
   */
  readonly expectedOperationId?: string | null;
  /** At least one. */
  readonly events: readonly LogEvent[];
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
  /** Of that append; no two ever have the same. */
  readonly operationId: string | null;
  /** Of the partition; null before its first event or beat. */
  readonly birth: Birth | null;
}

/** A record, and the log it was found in, read in one step. */
export interface PlacedRecord {
  readonly value: string | null;
  /** Null before the partition's first event or beat. */
  readonly birth: Birth | null;
}

/** A node as it introduces itself with a beat: whoever revokes strictly waits for it. */
export interface Membership {
  /** Random, another for every start of a process: two processes never stand in for each other. */
  readonly nodeId: string;
  /** The last event that the node has applied in the partition; null while it is closed. */
  readonly applied: Position | null;
}

/** A node as the partition knows it. */
export interface Member {
  readonly nodeId: string;
  /** How far it has applied the partition's events, and in which life; null: it has not said. */
  readonly applied: Pick<Position, 'epoch' | 'number'> | null;
  /** Another after every sign of life. */
  readonly sign: string;
}

export interface RevocationEntry {
  readonly id: string;
  readonly expiresAtMillis: number;
}

export interface RecordReplacement {
  /** The value as it was read. */
  readonly was: string;
  readonly value: string;
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

  /** The state to decide on. One round trip, two commands. Throws ERR_LOG_UNAVAILABLE. */
  readUser(partition: Partition, stream: string): Promise<UserRecord>;

  /** A record, or null when it is absent or expired. One round trip, one `GET`. Throws ERR_LOG_UNAVAILABLE. */
  readRecord(partition: Partition, record: RecordName): Promise<string | null>;

  /** As `readRecord`, with the partition's birth: one round trip, one `MGET`. Throws ERR_LOG_UNAVAILABLE. */
  readPlacedRecord(partition: Partition, record: RecordName): Promise<PlacedRecord>;

  /**
   * Gives a record another value and expiry, provided that it still holds what the caller has read. False, and nothing
   * is written, where it has gone or was changed meanwhile. One round trip.
   * @throws ERR_LOG_UNAVAILABLE nothing was sent; ERR_LOG_OUTCOME_UNKNOWN perhaps done; ERR_LOG_REFUSED Redis said no.
   */
  replaceRecord(partition: Partition, record: RecordName, replacement: RecordReplacement): Promise<boolean>;

  /** Opens a near cache of records on connections of its own. It connects in the background; `close` closes it too. */
  openRecordCache(options: RecordCacheOptions): RecordCache;

  /**
   * Proof of contact: a writing script on the primary that answers with the end of the partition. Whatever was
   * acknowledged before this call was made is at or before the returned position, which is as durable as configured.
   * With a membership the node stands among the partition's members from then on. Throws ERR_LOG_UNAVAILABLE.
   */
  beat(partition: Partition, membership?: Membership): Promise<Position>;

  /** A member says how far it is, between two beats. Proves nothing to itself. One round trip. Throws ERR_LOG_UNAVAILABLE. */
  report(partition: Partition, membership: Membership): Promise<void>;

  /** The nodes that must have applied an event before it counts everywhere. One round trip. Throws ERR_LOG_UNAVAILABLE. */
  readMembers(partition: Partition): Promise<readonly Member[]>;

  /** Forgets a member, unless it has given a sign of life since it was read. One round trip. Throws ERR_LOG_UNAVAILABLE. */
  removeMember(partition: Partition, member: Member): Promise<void>;

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

export interface RecordCacheOptions {
  /** S: for how long after the last proof of contact a record is answered from memory. */
  readonly stalenessLimitMillis: number;
  /** How often contact is proved; well below S. */
  readonly pingIntervalMillis: number;
  /** One more, and the one that was read longest ago is forgotten. */
  readonly maximumEntries: number;
  readonly clock: Clock;
}

/** Records in this process's memory, which the server tells to forget what changes. */
export interface RecordCache {
  /**
   * As `readRecord`. A text at once: from memory, and every change acknowledged longer ago than S is known. A promise:
   * asked of the server. An expired record may still be answered; its reader knows when it ends. Throws ERR_LOG_UNAVAILABLE.
   */
  read(partition: number, record: RecordName): string | null | Promise<string | null>;
  status(): RecordCacheStatus;
  /** Ends its connections; what is read afterwards is asked of the log. */
  close(): Promise<void>;
}

export interface RecordCacheStatus {
  /** Whether memory answers at this moment. */
  readonly fresh: boolean;
  /** How long ago the newest proof of contact was sent; null without one since the connections were made. */
  readonly ageMillis: number | null;
  readonly entries: number;
  /** Reads answered from memory, and reads asked of the server, since the start. */
  readonly hits: number;
  readonly misses: number;
}
