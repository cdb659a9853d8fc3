/** A realm in memory that tests fill with events, to ask it afterwards. */

import type { LogEvent, SessionStarted, SessionTerminated } from '../domain/events.ts';
import { appendRequest } from '../eventlog/event-log-harness.contract.ts';
import { MemoryEventLog } from '../eventlog/memory-event-log.ts';
import type { Partition } from '../eventlog/port.ts';
import { ManualClock } from '../kernel/clock.ts';
import type { StrategyFacts } from './log-explanation.ts';
import type { LogQueryContext } from './log-stories.ts';

export const minute = 60_000;

/** By strategy: the bound, as the first word of its name says. */
export const facts: Readonly<Record<string, StrategyFacts>> = {
  lookup: { bound: 'zero', rolesChange: 'at-once', refresh: false },
  followed: { bound: 'staleness-limit', rolesChange: 'at-the-next-refresh', refresh: true },
  token: { bound: 'remaining-lifetime', rolesChange: 'at-the-next-refresh', refresh: true },
  cookie: { bound: 'remaining-lifetime', rolesChange: 'at-the-next-login', refresh: false },
  counted: { bound: 'zero', rolesChange: 'at-once-by-refresh', refresh: true },
  open: { bound: 'unbounded', rolesChange: 'never', refresh: false },
};

export interface Realm {
  readonly log: MemoryEventLog;
  readonly clock: ManualClock;
  readonly context: LogQueryContext;
  /** Wall time at the beginning. */
  readonly startMillis: number;
  /** Appends to the stream's partition, in the order given. */
  add(stream: string, ...events: readonly LogEvent[]): Promise<void>;
}

export function openRealm(partitions = 1): Realm {
  const clock = new ManualClock();
  const log = new MemoryEventLog({ partitions, clock });
  const versions = new Map<string, number>();
  const context: LogQueryContext = {
    log,
    clock,
    policy: {
      accessTokenMillis: 15 * minute,
      inactivityMillis: 120 * minute,
      absoluteMillis: 600 * minute,
      leewayMillis: 5_000,
      skewMillis: 5_000,
      refreshGraceMillis: 10_000,
      maximumSessions: 20,
    },
    stalenessLimitMillis: 2_000,
    factsOf: (strategy) => facts[strategy] ?? null,
  };
  return {
    log,
    clock,
    context,
    startMillis: clock.wallMillis(),
    async add(stream, ...events) {
      const partition: Partition = stream === 'signing-keys' ? 'realm' : log.partitionOfUser(stream);
      const expectedVersion = versions.get(stream) ?? 0;
      const result = await log.append(appendRequest({ partition, stream, expectedVersion, events }));
      if (!result.ok) throw new Error(result.reason);
      versions.set(stream, result.version);
    },
  };
}

/** 22 characters of base64url after the partition, as every session id has them. */
export function sidOf(name: string, partition = 0): string {
  return `${partition}.${name.padEnd(22, '_')}`;
}

/** A session that can be refreshed for two hours at a time, and lives for ten. */
export function started(atMillis: number, given: Partial<SessionStarted> = {}): SessionStarted {
  return {
    type: 'SessionStarted',
    atMillis,
    sub: 'ada',
    sid: sidOf('a'),
    strategy: 'followed',
    roles: ['user'],
    revocation: 'followed',
    expiresAtMillis: atMillis + 600 * minute,
    refresh: { digest: 'digest-of-a-refresh-token', expiresAtMillis: atMillis + 120 * minute },
    ...given,
  };
}

/** Without what a refreshable session has. */
export function startedPlain(atMillis: number, given: Partial<SessionStarted> = {}): SessionStarted {
  const { refresh: _, ...plain } = started(atMillis);
  return { ...plain, ...given };
}

export function terminated(atMillis: number, given: Partial<SessionTerminated> = {}): SessionTerminated {
  return {
    type: 'SessionTerminated',
    atMillis,
    sub: 'ada',
    sid: sidOf('a'),
    reason: 'logout',
    revocation: 'followed',
    acceptableUntilMillis: atMillis + 15 * minute,
    ...given,
  };
}
