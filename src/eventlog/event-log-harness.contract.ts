/** What the contract of the event log needs from whoever is held to it, and the small things its tests say again and again. */

import { randomBytes } from 'node:crypto';
import type { SessionTerminated } from '../domain/events.ts';
import type { AppendRequest, EventLog, RecordName, RevocationEntry, TailEntry } from './port.ts';

export interface EventLogHarness {
  /** An empty log. */
  open(partitions: number): EventLog;
  /** Wall time of whatever decides that a record has expired. */
  nowMillis(): Promise<number>;
  /** Returns when that time has passed. */
  passTime(millis: number): Promise<void>;
  /** An empty log whose server can be restarted with its data. */
  openRestartable(partitions: number): Promise<{ readonly log: EventLog; restart(): Promise<void> }>;
  close(): Promise<void>;
}

export const sessionRecord: RecordName = { kind: 'session', id: 'digest' };

/** A moment that the harness's server has not reached. */
export async function soon(harness: EventLogHarness, millis = 60_000): Promise<number> {
  return (await harness.nowMillis()) + millis;
}

/** A realm that no other test uses. */
export function randomRealm(): string {
  return `test-${randomBytes(8).toString('hex')}`;
}

export function operationId(): string {
  return randomBytes(16).toString('base64url');
}

export function terminated(sid: string, acceptableUntilMillis = 1): SessionTerminated {
  return {
    type: 'SessionTerminated',
    atMillis: 1,
    sub: 'ada',
    sid,
    reason: 'logout',
    revocation: 'followed',
    acceptableUntilMillis,
  };
}

/** An append of one event to ada's stream in partition 0; every field can be told. */
export function appendRequest(given: Partial<AppendRequest> = {}): AppendRequest {
  return {
    partition: 0,
    stream: 'ada',
    expectedVersion: 0,
    events: [terminated('0.a')],
    effects: [],
    state: '{}',
    operationId: operationId(),
    ...given,
  };
}

/** Every unexpired revocation of partition 0. */
export async function revocations(log: EventLog, nowMillis: number): Promise<readonly RevocationEntry[]> {
  const found: RevocationEntry[] = [];
  const snapshot = await log.readRevocations(0, nowMillis);
  for await (const page of snapshot.entries) found.push(...page);
  return found;
}

/** An empty read proves nothing: reads until there is something. */
export async function readSome(read: () => Promise<readonly TailEntry[]>): Promise<readonly TailEntry[]> {
  let entries: readonly TailEntry[] = [];
  while (entries.length === 0) entries = await read();
  return entries;
}
