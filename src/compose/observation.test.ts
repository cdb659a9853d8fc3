/** What watchers of a server are told of: what was appended, what failed, and who was limited. */

import { describe, expect, it } from 'vitest';
import type { LogEvent } from '../domain/events.ts';
import { appendRequest } from '../eventlog/event-log-harness.contract.ts';
import { MemoryEventLog } from '../eventlog/memory-event-log.ts';
import { type LoginLimits, noLoginLimits } from '../identity/login-limits.ts';
import { ManualClock } from '../kernel/clock.ts';
import type { FailedLogin } from './login-audit.ts';
import { observe, type SecurityNotice } from './observation.ts';

function open(metrics = true) {
  const clock = new ManualClock();
  const notices: SecurityNotice[] = [];
  const operator = { security: (notice: SecurityNotice) => void notices.push(notice), diagnostic: () => undefined };
  const observation = observe({ metrics }, clock, operator, () => null);
  const memory = new MemoryEventLog({ partitions: 1, clock });
  const log = observation.watchedLog(memory);
  const append = (expectedVersion: number, ...events: readonly LogEvent[]) =>
    log.append(appendRequest({ expectedVersion, events }));
  return { clock, notices, observation, memory, log, append };
}

const about = { atMillis: 1, sub: 'ada' } as const;
const sid = '0.a';

describe('the log that is watched', () => {
  it('tells of what concerns security, by its facts, and of nothing that is everyday', async () => {
    const { append, notices } = open();
    const end = { sid, revocation: 'followed', acceptableUntilMillis: 1 } as const;
    const refresh = { digest: 'a-digest', expiresAtMillis: 1 };
    const sealedKey = 'a-sealed-key';
    await append(
      0,
      {
        ...about,
        type: 'SessionStarted',
        sid,
        strategy: 's',
        roles: [],
        revocation: 'followed',
        expiresAtMillis: 1,
        refresh,
      },
      { ...about, type: 'SessionRefreshed', sid, refresh },
      { ...about, type: 'RefreshTokenReuseDetected', sid },
      { ...about, type: 'SessionTerminated', reason: 'refresh-token-reuse', ...end },
      { ...about, type: 'AllSessionsTerminated', reason: 'logout-all', epoch: 1, sessions: [end] },
      { ...about, type: 'AllSessionsTerminated', reason: 'ended-by-admin', epoch: 2, sessions: [end] },
      { ...about, type: 'UserDisabled' },
      { ...about, type: 'UserRolesChanged', roles: ['admin'], epoch: 3 },
      {
        type: 'SigningKeyAdded',
        atMillis: 1,
        kid: 'k',
        algorithm: 'rs256',
        sealedKey,
        activateAtMillis: 1,
        retireOld: 'when-expired',
      },
    );
    expect(notices.map(({ event }) => event)).toEqual([
      'RefreshTokenReuseDetected',
      'AllSessionsTerminated',
      'UserDisabled',
      'UserRolesChanged',
      'SigningKeyAdded',
    ]);
    expect(notices[0]).toEqual({ event: 'RefreshTokenReuseDetected', sub: 'ada', sid });
    expect(JSON.stringify(notices)).not.toMatch(/a-digest|a-sealed-key/);
  });

  it('counts the sessions that ended, each once, and not what was refused', async () => {
    const { append, notices, observation } = open();
    const ended = ['0.a', '0.b'].map((one) => ({ sid: one, revocation: 'epoch', acceptableUntilMillis: 1 }) as const);
    await append(0, { ...about, type: 'AllSessionsTerminated', reason: 'logout-all', epoch: 1, sessions: ended });
    expect(await append(0, { ...about, type: 'UserDisabled' })).toMatchObject({ ok: false });
    expect(notices).toEqual([]);
    const text = await observation.metrics?.text();
    expect(text).toContain('authlab_revocations_total{channel="epoch",reason="logout-all"} 2');
  });

  it('counts the calls that fail by their code, and passes the fault on as it is', async () => {
    const { log, observation } = open();
    await log.close();
    const failing = [log.readRecord(0, { kind: 'epoch', id: 'ada' }), log.beat(0), log.readEntries(0, '0-0', 1)];
    for (const call of failing) await expect(call).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
    const text = await observation.metrics?.text();
    for (const call of ['readRecord', 'beat', 'readEntries']) {
      expect(text).toContain(`authlab_log_errors_total{call="${call}",code="ERR_LOG_UNAVAILABLE"} 1`);
    }
  });

  it('is watched for security alone where nobody counts', async () => {
    const { append, notices, observation, log } = open(false);
    expect(observation.metrics).toBeNull();
    await append(0, { ...about, type: 'UserDisabled' });
    expect(notices).toHaveLength(1);
    await log.close();
    await expect(log.beat(0)).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
  });
});

it('tells of limited logins once a second, with how many there were', async () => {
  const { clock, notices, observation } = open();
  const limits: LoginLimits = { begin: async () => ({ ok: false, retryAfterSeconds: 1 }) };
  const watched = observation.watchedLimits(limits, () => undefined);
  for (let attempt = 0; attempt < 5; attempt += 1) {
    expect(await watched.begin('192.0.2.1', 'ada')).toEqual({ ok: false, retryAfterSeconds: 1 });
  }
  clock.advance(1_000);
  await watched.begin('192.0.2.1', 'ada');
  expect(notices).toEqual([
    { event: 'LoginLimited', network: '192.0.2.1', attempts: 1 },
    { event: 'LoginLimited', network: '192.0.2.1', attempts: 5 },
  ]);
});

it('tells of failed logins once a second, and the audit of each; of a success and of what was not judged nobody', async () => {
  const { clock, notices, observation } = open();
  const audited: FailedLogin[] = [];
  const watched = observation.watchedLimits(noLoginLimits, (failed) => void audited.push(failed));
  const attempt = async (end: 'succeed' | 'fail' | 'withdraw', username: string) => {
    const begun = await watched.begin('192.0.2.1', username);
    if (!begun.ok) throw new Error('nobody is limited');
    await begun[end]();
  };
  await attempt('succeed', 'ada');
  await attempt('withdraw', 'ada');
  for (const username of ['ada', 'bob', 'ada']) await attempt('fail', username);
  clock.advance(1_000);
  await attempt('fail', 'eve');
  expect(audited.map(({ username }) => username)).toEqual(['ada', 'bob', 'ada', 'eve']);
  expect(new Set(audited.map(({ network }) => network))).toEqual(new Set(['192.0.2.1']));
  expect(notices).toEqual([
    { event: 'LoginFailed', network: '192.0.2.1', attempts: 1 },
    { event: 'LoginFailed', network: '192.0.2.1', attempts: 3 },
  ]);
});
