/** What concerns a user's sessions together: the end of all, the limit, passwords, roles, and being shut out. */

import { describe, expect, test } from 'vitest';
import { storiesOf } from '../kernel/decider.contract.ts';
import { fold } from '../kernel/decider.ts';
import { account } from './account.ts';
import type { StartSession, TerminateAllSessions, TerminateSession } from './commands.ts';
import type { AccountEvent, AllSessionsTerminated, RevocationChannel, SessionStarted } from './events.ts';

const { given } = storiesOf(account);
const minute = 60_000;
const sub = 'alice';

const started = (sid: string, revocation: RevocationChannel = 'followed', atMillis = 0): SessionStarted => ({
  type: 'SessionStarted',
  atMillis,
  sub,
  sid,
  strategy: 'toy',
  roles: ['user'],
  revocation,
  expiresAtMillis: 1_000 * minute,
  acceptableUntilMillis: atMillis + 15 * minute,
});

const start = (sid: string, maximumSessions: number, atMillis = minute): StartSession => {
  const { type: _, ...facts } = started(sid, 'followed', atMillis);
  return { ...facts, type: 'StartSession', maximumSessions };
};

const logoutAll: TerminateAllSessions = {
  type: 'TerminateAllSessions',
  atMillis: 2 * minute,
  sub,
  reason: 'logout-all',
  acceptableUntilMillis: 17 * minute,
};

const allEnded = (over: Partial<AllSessionsTerminated> = {}): AllSessionsTerminated => ({
  type: 'AllSessionsTerminated',
  atMillis: 2 * minute,
  sub,
  reason: 'logout-all',
  epoch: 2 * minute,
  sessions: [],
  ...over,
});

const ended = (sid: string, revocation: RevocationChannel = 'followed', acceptableUntilMillis = 17 * minute) => ({
  sid,
  revocation,
  acceptableUntilMillis,
});

describe('ending all sessions', () => {
  test('ends each by its own channel, and counts up once', () =>
    given(started('a'), started('b', 'denylist'), started('c', 'record'))
      .when(logoutAll)
      .then('done', allEnded({ sessions: [ended('a'), ended('b', 'denylist'), ended('c', 'record')] })));

  test('is remembered for as long as the newest token of each session', () =>
    given(started('a', 'followed', 10 * minute))
      .when({ ...logoutAll, acceptableUntilMillis: 11 * minute })
      .then('done', allEnded({ sessions: [ended('a', 'followed', 25 * minute)] })));

  test('without sessions there is nothing to end', () => given().when(logoutAll).then('done'));

  test.each(['denylist', 'epoch', 'followed'] as const)(
    'the session that was shown ends though forgotten: %s',
    (channel) =>
      given()
        .when({ ...logoutAll, presented: ended('lost', channel) })
        .then('done', allEnded({ sessions: [ended('lost', channel)] })),
  );

  test.each(['none', 'record'] as const)('a forgotten session that cannot be remembered needs nothing: %s', (channel) =>
    given()
      .when({ ...logoutAll, presented: ended('lost', channel) })
      .then('done'),
  );

  test('the session that was shown is not ended twice', () => {
    given(started('a'))
      .when({ ...logoutAll, presented: ended('a') })
      .then('done', allEnded({ sessions: [ended('a')] }));
    given(started('a'), allEnded({ sessions: [ended('a')] }))
      .when({ ...logoutAll, presented: ended('a') })
      .then('done');
  });

  test('a session begun in the same millisecond afterwards lives', () => {
    const state = fold(account.evolve, account.initial, [
      started('a'),
      allEnded({ atMillis: 0, sessions: [ended('a')] }),
      started('b'),
    ]);
    expect(Object.keys(state.sessions)).toEqual(['b']);
    expect(state.epoch).toBe(2 * minute);
    expect(state.ended).toEqual({ a: 17 * minute });
  });
});

describe('the limit', () => {
  const two = [started('a', 'followed', 0), started('b', 'followed', 1)];

  test('one session more ends the oldest', () =>
    given(...two)
      .when(start('c', 2))
      .then(
        'started',
        {
          type: 'SessionTerminated',
          atMillis: minute,
          sub,
          sid: 'a',
          reason: 'session-limit',
          revocation: 'followed',
          acceptableUntilMillis: 15 * minute,
        },
        started('c', 'followed', minute),
      ));

  test('a lower limit ends as many as it takes', () => {
    const { decision } = given(...two).when(start('c', 1));
    expect(decision.events.map((event) => ('sid' in event ? event.sid : ''))).toEqual(['a', 'b', 'c']);
  });

  test('expired sessions and those of other strategies do not count', () => {
    given({ ...two[0], expiresAtMillis: minute } as SessionStarted, { ...started('b'), strategy: 'other' })
      .when(start('c', 1))
      .then('started', started('c', 'followed', minute));
  });

  test('each session that the counter guards takes a count of its own', () => {
    const { decision } = given(started('a', 'epoch', 0), started('b', 'epoch', 1)).when(start('c', 1));
    expect(decision.events.slice(0, 2)).toMatchObject([{ epoch: minute }, { epoch: minute + 1 }]);
    expect(decision.events[2]).toEqual(started('c', 'followed', minute));
  });
});

describe('the counter', () => {
  const logout = (sid: string): TerminateSession => ({
    type: 'TerminateSession',
    atMillis: minute,
    sub,
    sid,
    reason: 'logout',
    revocation: 'epoch',
    acceptableUntilMillis: 16 * minute,
  });

  test('a logout takes a count and leaves the other sessions alone', () => {
    const history = [started('a', 'epoch'), started('b', 'epoch')];
    const { decision } = given(...history).when(logout('a'));
    expect(decision.events).toMatchObject([{ type: 'SessionTerminated', sid: 'a', epoch: minute }]);
    const state = fold(account.evolve, account.initial, [...history, ...decision.events]);
    expect([Object.keys(state.sessions), state.epoch]).toEqual([['b'], minute]);
  });

  test('never goes down, also where clocks differ or stand still', () => {
    const history: AccountEvent[] = [started('a', 'epoch')];
    for (const [sid, atMillis] of [
      ['a', minute],
      ['x', minute],
      ['y', 0],
    ] as const) {
      const state = fold(account.evolve, account.initial, history);
      history.push(...account.decide({ ...logout(sid), atMillis }, state).events);
    }
    expect(fold(account.evolve, account.initial, history).epoch).toBe(minute + 2);
  });

  test('does not come to the same value again when its last events are lost', () => {
    const lost = fold(account.evolve, account.initial, [
      started('a', 'epoch'),
      ...given(started('a', 'epoch')).when(logout('a')).decision.events,
    ]);
    const { decision } = given().when({ ...logout('b'), atMillis: 2 * minute });
    expect(fold(account.evolve, account.initial, decision.events).epoch).not.toBe(lost.epoch);
  });
});

describe('a password', () => {
  const change = {
    type: 'ChangePassword',
    atMillis: 2 * minute,
    sub,
    keptSid: 'a',
    acceptableUntilMillis: 17 * minute,
  } as const;
  const changed: AccountEvent = { type: 'PasswordChanged', atMillis: 2 * minute, sub };

  test('that is changed ends every other session', () =>
    given(started('a'), started('b'))
      .when(change)
      .then('done', changed, allEnded({ reason: 'password-changed', keptSid: 'a', sessions: [ended('b')] })));

  test('that is changed in the only session ends nothing', () =>
    given(started('a')).when(change).then('done', changed));
});

describe('a disabled user', () => {
  const disable = { type: 'DisableUser', atMillis: 2 * minute, sub, acceptableUntilMillis: 17 * minute } as const;
  const disabled: AccountEvent = { type: 'UserDisabled', atMillis: 2 * minute, sub };

  test('loses all sessions and starts no other', () => {
    const all = allEnded({ reason: 'user-disabled', sessions: [ended('a')] });
    given(started('a')).when(disable).then('done', disabled, all);
    given(started('a'), disabled, all).when(start('b', 20)).then('user-disabled');
  });

  test('is disabled once, and enabled once', () => {
    const enable = { type: 'EnableUser', atMillis: 3 * minute, sub } as const;
    const enabled: AccountEvent = { type: 'UserEnabled', atMillis: 3 * minute, sub };
    given(disabled).when(disable).then('done');
    given(disabled).when(enable).then('done', enabled);
    given().when(enable).then('done');
    given(disabled, enabled)
      .when(start('b', 20))
      .then('started', started('b', 'followed', minute));
  });
});

describe('roles', () => {
  const changed: AccountEvent = { type: 'UserRolesChanged', atMillis: minute, sub, roles: ['admin'], epoch: minute };

  test('that an administrator gave count for sessions that live and for those to come', () => {
    given()
      .when({ type: 'ChangeUserRoles', atMillis: minute, sub, roles: ['admin'] })
      .then('done', changed);
    const state = fold(account.evolve, account.initial, [started('a'), changed]);
    expect(state.sessions.a?.roles).toEqual(['admin']);
    expect(state.epoch).toBe(minute);
    given(changed)
      .when(start('b', 20))
      .then('started', { ...started('b', 'followed', minute), roles: ['admin'] });
  });
});
