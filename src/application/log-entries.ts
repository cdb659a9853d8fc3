/** Entries of the log as people and programs may see them: members by an allow-list, so that no digest and no sealed key gets out. */

import { type EventType, isEventType, type LogEvent } from '../domain/events.ts';
import type { LogEntry, Partition } from '../eventlog/port.ts';

/** One event, told. What a later version wrote, or what is damaged, is shown by its type alone. */
export interface ShownEntry {
  /** RFC 3339, of the node that decided; null where the event cannot be read. */
  readonly at: string | null;
  readonly type: string;
  readonly partition: Partition;
  /** The entry's id in Redis; also the cursor with which a reader goes on after it. */
  readonly id: string;
  /** Counts the partition's events. */
  readonly number: number;
  /** The user, or the realm's own stream of signing keys. */
  readonly stream: string;
  /** Counts the stream's events. */
  readonly version: number;
  /** The event's other members; times in RFC 3339, and named without their unit. */
  readonly facts: Readonly<Record<string, unknown>>;
}

type Kind = 'text' | 'texts' | 'number' | 'time' | 'expiry' | 'ended' | 'superseded';

/** The key itself, sealed as it may be, is for nodes alone. */
type Hidden = 'type' | 'atMillis' | 'sealedKey';

/** Members that every event of a type has are named here, or this does not compile; what is not named is never shown. */
type Members<Event> = {
  readonly [Name in Exclude<keyof Event, Hidden>]-?: Kind | `${Kind}*`;
};

/** By name; an asterisk marks those that may be absent. */
const members: { readonly [Type in EventType]: Members<Extract<LogEvent, { type: Type }>> } = {
  SessionStarted: {
    sub: 'text',
    sid: 'text',
    strategy: 'text',
    roles: 'texts',
    revocation: 'text',
    expiresAtMillis: 'time',
    acceptableUntilMillis: 'time*',
    record: 'expiry*',
    refresh: 'expiry*',
  },
  SessionRefreshed: {
    sub: 'text',
    sid: 'text',
    refresh: 'expiry',
    acceptableUntilMillis: 'time*',
    record: 'expiry*',
  },
  RefreshTokenReuseDetected: { sub: 'text', sid: 'text' },
  SessionTerminated: {
    sub: 'text',
    sid: 'text',
    reason: 'text',
    revocation: 'text',
    acceptableUntilMillis: 'time',
    epoch: 'number*',
  },
  AllSessionsTerminated: { sub: 'text', reason: 'text', epoch: 'number', sessions: 'ended', keptSid: 'text*' },
  UserDisabled: { sub: 'text' },
  UserEnabled: { sub: 'text' },
  PasswordChanged: { sub: 'text' },
  UserRolesChanged: { sub: 'text', roles: 'texts', epoch: 'number' },
  RevocationsRestored: { sessions: 'ended' },
  SigningKeyAdded: { kid: 'text', algorithm: 'text', activateAtMillis: 'time', retireOld: 'text' },
  SigningKeyActivated: { kid: 'text', algorithm: 'text', superseded: 'superseded*' },
  SigningKeyRetired: { kid: 'text', algorithm: 'text' },
};

/** The event of an entry when this version knows its type and every member is what it should be, else null. */
export function readableEvent({ event }: LogEntry): LogEvent | null {
  return shownFacts(event) === null ? null : (event as LogEvent);
}

/** Total: whatever stands in the log can be shown. */
export function showEntry(partition: Partition, entry: LogEntry): ShownEntry {
  const { position, stream, version, event } = entry;
  const facts = shownFacts(event);
  const at = facts === null ? null : timeText((event as LogEvent).atMillis);
  const { id, number } = position;
  return { at, type: event.type, partition, id, number, stream, version, facts: facts ?? {} };
}

/** What may be shown of an event; null when its type is unknown or a member is not of its kind. */
export function shownFacts(event: LogEntry['event']): Readonly<Record<string, unknown>> | null {
  if (!isEventType(event.type) || timeOf('atMillis' in event ? event.atMillis : undefined) === null) return null;
  return shownMembers(event, members[event.type]);
}

function shownMembers(
  holder: object,
  kinds: Readonly<Record<string, Kind | `${Kind}*`>>,
): Readonly<Record<string, unknown>> | null {
  const facts: Record<string, unknown> = {};
  for (const [name, kindText] of Object.entries(kinds)) {
    const value: unknown = Object.hasOwn(holder, name) ? Reflect.get(holder, name) : undefined;
    if (value === undefined && kindText.endsWith('*')) continue;
    const told = tell(value, kindText.replace('*', '') as Kind);
    if (told === unfit) return null;
    if (told !== nothing) facts[name.replace(/Millis$/, '')] = told;
  }
  return facts;
}

const unfit = Symbol('of another kind');
const nothing = Symbol('nothing to show');

function tell(value: unknown, kind: Kind): unknown {
  switch (kind) {
    case 'text':
      return typeof value === 'string' ? value : unfit;
    case 'texts':
      return Array.isArray(value) && value.every((entry) => typeof entry === 'string') ? value : unfit;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : unfit;
    case 'time':
      // 0 stands for "no token of it could be accepted".
      return value === 0 ? nothing : (timeOf(value) ?? unfit);
    case 'expiry':
      return nested(value, { expiresAtMillis: 'time' });
    case 'superseded':
      return nested(value, { kid: 'text', retireAtMillis: 'time' });
    case 'ended': {
      if (!Array.isArray(value)) return unfit;
      const sessions = value.map((entry) =>
        nested(entry, { sid: 'text', revocation: 'text', acceptableUntilMillis: 'time' }),
      );
      return sessions.includes(unfit) ? unfit : sessions;
    }
  }
}

function nested(value: unknown, kinds: Readonly<Record<string, Kind>>): unknown {
  return typeof value === 'object' && value !== null ? (shownMembers(value, kinds) ?? unfit) : unfit;
}

/** The furthest moment from the Unix epoch that a date can hold. */
const furthestMillis = 8.64e15;

function timeOf(value: unknown): string | null {
  return typeof value === 'number' && Math.abs(value) <= furthestMillis ? timeText(value) : null;
}

/** RFC 3339 in UTC, with milliseconds. */
export function timeText(millis: number): string {
  return new Date(millis).toISOString();
}
