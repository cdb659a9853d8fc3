import { describe, expect, test } from 'vitest';
import { confirmGone } from '../application/confirm-gone.ts';
import type { CommandContext } from '../application/context.ts';
import { refreshSession } from '../application/refresh-session.ts';
import { startSession } from '../application/start-session.ts';
import { terminateSession } from '../application/terminate-session.ts';
import type { RevocationChannel } from '../domain/events.ts';
import { newHandle, newSessionId } from '../domain/session-id.ts';
import { MemoryEventLog } from '../eventlog/memory-event-log.ts';
import { ManualClock } from '../kernel/clock.ts';
import { systemRandomBytes } from '../kernel/random.ts';
import { StrictFence } from '../projections/followed/strict-fence.ts';
import { createAcknowledgement } from './acknowledgement.ts';

const policy = {
  accessTokenMillis: 900_000,
  inactivityMillis: 3_600_000,
  absoluteMillis: 7_200_000,
  leewayMillis: 5_000,
  skewMillis: 5_000,
  refreshGraceMillis: 10_000,
  maximumSessions: 5,
};

interface Node {
  readonly log: MemoryEventLog;
  readonly context: CommandContext;
  readonly learned: string[];
  /** Whether the fence was waited for, by the position's number. */
  readonly waited: number[];
}

function node({ replicas = 0, isStrict = false } = {}): Node {
  const clock = new ManualClock();
  const log = new MemoryEventLog({ partitions: 1, clock, replicas });
  const learned: string[] = [];
  const waited: number[] = [];
  const fence = new StrictFence({ log, clock, stalenessLimitMillis: 1_000 });
  fence.passed = async (_, position) => void waited.push(position.number);
  const follower = () => ({
    learn: (events: readonly { type: string }[]) => void learned.push(...events.map(({ type }) => type)),
  });
  const acknowledgement = createAcknowledgement({ log, fence, follower, replicas, isStrict });
  const context = { log, clock, random: systemRandomBytes, policy, deadlineMillis: 0, acknowledgement };
  return { log, context, learned, waited };
}

async function begin({ context }: Node, revocation: RevocationChannel): Promise<string> {
  const sid = newSessionId(0, systemRandomBytes);
  await startSession(context, { sid, sub: 'ada', roles: [], strategy: 'any', revocation });
  return sid;
}

function end({ context }: Node, sid: string, revocation: RevocationChannel): Promise<void> {
  return terminateSession(context, { sub: 'ada', sid, reason: 'logout', revocation });
}

describe('the end of a session', () => {
  test.each<[RevocationChannel, readonly number[]]>([
    ['record', []],
    ['denylist', []],
    ['epoch', []],
    ['followed', []],
    ['followed-strict', [2]],
  ])('by %s waits for all nodes, or not', async (revocation, expected) => {
    const on = node();
    await end(on, await begin(on, revocation), revocation);
    expect(on.waited).toEqual(expected);
    expect(on.learned).toEqual(['SessionStarted', 'SessionTerminated']);
  });

  test('waits for all nodes, too, where it ends by another strategy than its own', async () => {
    const on = node();
    const sid = await begin(on, 'followed-strict');
    await end(on, sid, 'record');
    expect(on.waited).toEqual([2]);
  });

  test('a second time is no sooner sure than the first', async () => {
    const on = node({ isStrict: true });
    const sid = await begin(on, 'followed-strict');
    await end(on, sid, 'followed-strict');
    await end(on, sid, 'followed-strict');
    expect(on.waited).toEqual([2, 2]);
  });

  test('that nobody confirms is unknown, and stays so when it is asked for again', async () => {
    const on = node({ replicas: 1 });
    on.log.server.replicas = 1;
    const sid = await begin(on, 'record');
    on.log.server.replicas = 0;
    await expect(end(on, sid, 'record')).rejects.toMatchObject({ code: 'ERR_LOG_OUTCOME_UNKNOWN' });
    await expect(end(on, sid, 'record')).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
    on.log.server.replicas = 1;
    await end(on, sid, 'record');
  });
});

describe('a refresh', () => {
  const presented = { strategy: 'any', successorDigest: 'second' };
  const unavailable = { code: 'ERR_LOG_UNAVAILABLE' };

  async function family(on: Node): Promise<string> {
    const sid = newSessionId(0, systemRandomBytes);
    const begun = { sub: 'ada', roles: [], strategy: 'any', revocation: 'record', refreshDigest: 'first' } as const;
    await startSession(on.context, { sid, ...begun });
    return sid;
  }

  test('is taken for a theft only when replicas confirm what was read', async () => {
    const on = node({ replicas: 1 });
    on.log.server.replicas = 1;
    const sid = await family(on);
    const stolen = () => refreshSession(on.context, { ...presented, sid, presentedDigest: 'third' });
    on.log.server.replicas = 0;
    await expect(stolen()).rejects.toMatchObject(unavailable);
    on.log.server.replicas = 1;
    expect((await refreshSession(on.context, { ...presented, sid, presentedDigest: 'first' })).ok).toBe(true);
    expect((await stolen()).ok).toBe(false);
    expect((await refreshSession(on.context, { ...presented, sid, presentedDigest: 'second' })).ok).toBe(false);
  });

  test('of a session that is not there is refused only when replicas confirm that', async () => {
    const on = node({ replicas: 1 });
    const input = { ...presented, sid: newSessionId(0, systemRandomBytes), presentedDigest: 'first' };
    await expect(refreshSession(on.context, input)).rejects.toMatchObject(unavailable);
    on.log.server.replicas = 1;
    expect((await refreshSession(on.context, input)).ok).toBe(false);
  });

  test('of one server alone asks nobody else', async () => {
    const on = node();
    const sid = await family(on);
    on.log.beat = () => Promise.reject(new Error('was asked'));
    expect((await refreshSession(on.context, { ...presented, sid, presentedDigest: 'third' })).ok).toBe(false);
  });
});

describe('a credential that opens nothing', () => {
  const handle = newHandle(0, systemRandomBytes);

  test('is gone for certain only when replicas know, too', async () => {
    const on = node({ replicas: 1 });
    await expect(confirmGone(on.context, handle)).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
    on.log.server.replicas = 1;
    await confirmGone(on.context, handle);
  });

  test.each(['', '*', '7.not-a-handle', newHandle(9, systemRandomBytes)])('%s is passed over', async (presented) => {
    await confirmGone(node({ replicas: 1 }).context, presented);
  });
});
