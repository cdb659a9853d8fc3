/** The account's rules, told as stories. */

import { describe, expect, test } from 'vitest';
import { storiesOf } from '../kernel/decider.contract.ts';
import { fold } from '../kernel/decider.ts';
import { account } from './account.ts';
import type { RefreshSession, StartSession, TerminateSession } from './commands.ts';
import type { AccountEvent, RevocationChannel, SessionRefreshed, SessionStarted, SessionTerminated } from './events.ts';

const { given } = storiesOf(account);
const minute = 60_000;
const start: StartSession = {
  type: 'StartSession',
  atMillis: 0,
  sub: 'alice',
  sid: '0.first',
  strategy: 'hybrid-hs256',
  roles: ['user'],
  revocation: 'followed',
  expiresAtMillis: 1_000 * minute,
  acceptableUntilMillis: 15 * minute,
  refresh: { digest: 'r1', expiresAtMillis: 100 * minute },
  maximumSessions: 20,
};
const { maximumSessions: _, ...facts } = start;
const started: SessionStarted = { ...facts, type: 'SessionStarted' };
const startedOn = (revocation: RevocationChannel): SessionStarted => ({ ...started, revocation });
const refreshTo = (from: string, to: string, atMillis: number): RefreshSession => ({
  type: 'RefreshSession',
  atMillis,
  sub: 'alice',
  sid: '0.first',
  strategy: 'hybrid-hs256',
  presentedDigest: from,
  successor: { digest: to, expiresAtMillis: atMillis + 100 * minute },
  graceMillis: 10_000,
  acceptableUntilMillis: atMillis + 15 * minute,
});
const rotated = (to: string, atMillis: number): SessionRefreshed => ({
  type: 'SessionRefreshed',
  atMillis,
  sub: 'alice',
  sid: '0.first',
  refresh: { digest: to, expiresAtMillis: atMillis + 100 * minute },
  acceptableUntilMillis: atMillis + 15 * minute,
});
const logout = (atMillis: number, revocation: RevocationChannel = 'followed'): TerminateSession => ({
  type: 'TerminateSession',
  atMillis,
  sub: 'alice',
  sid: '0.first',
  reason: 'logout',
  revocation,
  acceptableUntilMillis: atMillis + 15 * minute,
});
const terminated = (
  atMillis: number,
  reason: SessionTerminated['reason'] = 'logout',
  revocation: RevocationChannel = 'followed',
): SessionTerminated => ({
  type: 'SessionTerminated',
  atMillis,
  sub: 'alice',
  sid: '0.first',
  reason,
  revocation,
  acceptableUntilMillis: atMillis + 15 * minute,
});
const reuse = (atMillis: number): AccountEvent => ({
  type: 'RefreshTokenReuseDetected',
  atMillis,
  sub: 'alice',
  sid: '0.first',
});

describe('starting a session', () => {
  test('a new user gets one', () => given().when(start).then('started', started));
  test('the same start again changes nothing', () => given(started).when(start).then('started'));
  test('a second session leaves the first alone', () => {
    const second: StartSession = { ...start, sid: '0.second' };
    given(started)
      .when(second)
      .then('started', { ...started, sid: '0.second' });
    const state = fold(account.evolve, account.initial, [started, { ...started, sid: '0.second' }]);
    expect(Object.keys(state.sessions)).toEqual(['0.first', '0.second']);
  });
});

describe('refreshing', () => {
  test('the current token is exchanged for its successor', () =>
    given(started)
      .when(refreshTo('r1', 'r2', minute))
      .then('rotated', rotated('r2', minute)));
  test('an honest retry within the grace stands as it was', () =>
    given(started, rotated('r2', minute))
      .when(refreshTo('r1', 'r2', minute + 10_000))
      .then('repeated'));
  test('the parent after the grace is reuse: the family dies', () =>
    given(started, rotated('r2', minute))
      .when(refreshTo('r1', 'r2', minute + 10_001))
      .then('reused', reuse(minute + 10_001), terminated(minute + 10_001, 'refresh-token-reuse')));
  test('with grace 0 any second use is reuse', () =>
    given(started, rotated('r2', minute))
      .when({ ...refreshTo('r1', 'r2', minute), graceMillis: 0 })
      .then('reused', reuse(minute), terminated(minute, 'refresh-token-reuse')));
  test('the parent is not graced once its successor was used', () =>
    given(started, rotated('r2', minute), rotated('r3', minute + 1))
      .when(refreshTo('r1', 'r2', minute + 2))
      .then('reused', reuse(minute + 2), terminated(minute + 2, 'refresh-token-reuse')));
  test('another strategy cannot use the token', () =>
    given(started)
      .when({ ...refreshTo('r1', 'r2', minute), strategy: 'jwt-hs256' })
      .then('refused'));
  test('an unknown session is refused and nothing happens', () =>
    given()
      .when(refreshTo('r1', 'r2', minute))
      .then('refused'));
  test('the inactivity timeout ends it', () =>
    given(started)
      .when(refreshTo('r1', 'r2', 100 * minute))
      .then('refused'));
  test('a logout beats a concurrent refresh', () =>
    given(started, terminated(minute))
      .when(refreshTo('r1', 'r2', minute))
      .then('refused'));
  test('rotation does not extend the absolute lifetime', () => {
    const history = [started];
    for (let at = 90 * minute, n = 2; at < 1_000 * minute; at += 90 * minute, n++) {
      history.push(rotated(`r${n}`, at) as never);
    }
    const late = given(...history).when(refreshTo('r12', 'r13', 999 * minute)).decision;
    expect(late.outcome).toBe('rotated');
    expect(late.events[0]).toMatchObject({ refresh: { expiresAtMillis: 1_000 * minute } });
    given(...history)
      .when(refreshTo('r12', 'r13', 1_000 * minute))
      .then('refused');
  });
});

describe('terminating', () => {
  test('a live session ends', () => given(started).when(logout(minute)).then('terminated', terminated(minute)));
  test('twice is once', () =>
    given(started, terminated(minute))
      .when(logout(2 * minute))
      .then('already-ended'));
  test('the revocation outlives a token issued by the last refresh', () =>
    given(started, rotated('r2', 30 * minute))
      .when({ ...logout(31 * minute), acceptableUntilMillis: 32 * minute })
      .then('terminated', { ...terminated(31 * minute), acceptableUntilMillis: 45 * minute }));
  test.each(['denylist', 'followed'] as const)('a session the log forgot is revoked all the same: %s', (channel) =>
    given()
      .when(logout(minute, channel))
      .then('terminated', terminated(minute, 'logout', channel)),
  );
  test.each(['none', 'record'] as const)('a session the log forgot needs nothing: %s', (channel) =>
    given().when(logout(minute, channel)).then('already-ended'),
  );
  test('the channel is the one the session was started with', () =>
    given(startedOn('denylist'))
      .when(logout(minute, 'none'))
      .then('terminated', terminated(minute, 'logout', 'denylist')));
});

test('the state forgets what no longer matters', () => {
  const later = { ...started, sid: '0.later', atMillis: 2_000 * minute, expiresAtMillis: 3_000 * minute };
  const state = fold(account.evolve, account.initial, [
    started,
    { ...started, sid: '0.ended' },
    { ...terminated(minute), sid: '0.ended' },
    later,
  ]);
  expect(Object.keys(state.sessions)).toEqual(['0.later']);
  expect(state.ended).toEqual({});
});

test('a refresh keeps the record it replaced readable, and no older one', () => {
  const record = (digest: string) => ({ digest, expiresAtMillis: 15 * minute });
  const state = fold(account.evolve, account.initial, [
    { ...started, record: record('a1') },
    { ...rotated('r2', 1), record: record('a2') },
    { ...rotated('r3', 2), record: record('a3') },
  ]);
  expect(state.sessions['0.first']?.records.map((kept) => kept.digest)).toEqual(['a2', 'a3']);
});
