/** Each event writes exactly the records that its channel asks for. */

import { describe, expect, test } from 'vitest';
import { account } from '../../domain/account.ts';
import type { AccountEvent, RevocationChannel, SessionStarted, SessionTerminated } from '../../domain/events.ts';
import { project } from './effects.ts';

const started = (revocation: RevocationChannel): SessionStarted => ({
  type: 'SessionStarted',
  atMillis: 1_000,
  sub: 'alice',
  sid: '0.sid',
  strategy: 'toy',
  roles: ['user'],
  revocation,
  expiresAtMillis: 90_000,
  ...(revocation === 'record' ? { record: { digest: 'd1', expiresAtMillis: 9_000 } } : {}),
  ...(revocation === 'record' ? {} : { refresh: { digest: 'r1', expiresAtMillis: 50_000 } }),
});
const terminated = (revocation: RevocationChannel): SessionTerminated => ({
  type: 'SessionTerminated',
  atMillis: 2_000,
  sub: 'alice',
  sid: '0.sid',
  reason: 'logout',
  revocation,
  acceptableUntilMillis: 20_000,
});
const effectsOf = (...events: AccountEvent[]) => project(account.initial, events).effects;

describe('inline projections', () => {
  test('an opaque credential has a record from start to end', () => {
    expect(effectsOf(started('record'), terminated('record'))).toEqual([
      {
        type: 'put',
        record: { kind: 'session', id: 'd1' },
        value: '["alice","0.sid","toy",["user"],9000]',
        expiresAtMillis: 9_000,
      },
      { type: 'remove', record: { kind: 'session', id: 'd1' } },
    ]);
  });

  test('a refresh adds the new record and removes those before the last', () => {
    const refresh = (digest: string): AccountEvent => ({
      type: 'SessionRefreshed',
      atMillis: 1_500,
      sub: 'alice',
      sid: '0.sid',
      refresh: { digest: `r-${digest}`, expiresAtMillis: 60_000 },
      record: { digest, expiresAtMillis: 9_500 },
    });
    const session: SessionStarted = { ...started('record'), refresh: { digest: 'r1', expiresAtMillis: 50_000 } };
    const effects = effectsOf(session, refresh('d2'), refresh('d3'));
    expect(effects.map((effect) => [effect.type, 'record' in effect ? effect.record.id : effect.id])).toEqual([
      ['put', 'd1'],
      ['put', '0.sid'],
      ['put', 'd2'],
      ['remove', 'd1'],
      ['put', 'd3'],
    ]);
  });

  test('the denylist remembers a session as long as its tokens can be accepted', () => {
    expect(effectsOf(started('denylist'), terminated('denylist')).slice(1)).toEqual([
      { type: 'remove', record: { kind: 'family', id: '0.sid' } },
      { type: 'put', record: { kind: 'denied', id: '0.sid' }, value: 'logout', expiresAtMillis: 20_000 },
    ]);
  });

  test('a followed revocation goes to the index', () => {
    expect(effectsOf(started('followed'), terminated('followed')).slice(1)).toEqual([
      { type: 'remove', record: { kind: 'family', id: '0.sid' } },
      { type: 'revoke', id: '0.sid', expiresAtMillis: 20_000 },
    ]);
  });

  test('what cannot be revoked leaves no revocation behind', () => {
    expect(effectsOf(started('none'), terminated('none')).slice(1)).toEqual([
      { type: 'remove', record: { kind: 'family', id: '0.sid' } },
    ]);
  });

  test("the end of all sessions writes each session's own revocation, in one step", () => {
    const all: AccountEvent = {
      type: 'AllSessionsTerminated',
      atMillis: 2_000,
      sub: 'alice',
      reason: 'logout-all',
      epoch: 1,
      sessions: (['record', 'denylist', 'followed', 'none'] as const).map((revocation) => ({
        sid: `0.${revocation}`,
        revocation,
        acceptableUntilMillis: 20_000,
      })),
    };
    const begun = (['record', 'denylist', 'followed', 'none'] as const).map((revocation) => ({
      ...started(revocation),
      sid: `0.${revocation}`,
    }));
    expect(effectsOf(...begun, all).slice(4)).toEqual([
      { type: 'remove', record: { kind: 'session', id: 'd1' } },
      { type: 'remove', record: { kind: 'family', id: '0.denylist' } },
      { type: 'remove', record: { kind: 'family', id: '0.followed' } },
      { type: 'remove', record: { kind: 'family', id: '0.none' } },
      { type: 'put', record: { kind: 'denied', id: '0.denylist' }, value: 'logout-all', expiresAtMillis: 20_000 },
      { type: 'revoke', id: '0.followed', expiresAtMillis: 20_000 },
    ]);
  });

  describe('the counter of a user', () => {
    const guarded: SessionStarted = { ...started('epoch'), acceptableUntilMillis: 7_000 };
    const counter = (value: string, expiresAtMillis: number) => ({
      type: 'put',
      record: { kind: 'epoch', id: 'alice' },
      value,
      expiresAtMillis,
    });

    test('is there from the first token, and as long as the last one', () => {
      const refreshed: AccountEvent = {
        type: 'SessionRefreshed',
        atMillis: 1_500,
        sub: 'alice',
        sid: '0.sid',
        refresh: { digest: 'r2', expiresAtMillis: 60_000 },
        acceptableUntilMillis: 8_000,
      };
      expect(effectsOf(guarded).at(-1)).toEqual(counter('0', 7_000));
      expect(effectsOf(guarded, refreshed).at(-1)).toEqual(counter('0', 8_000));
    });

    test('goes up with a logout, and outlives every token that carries a lower count', () => {
      const logout: SessionTerminated = { ...terminated('epoch'), acceptableUntilMillis: 6_000, epoch: 1 };
      const other = { ...guarded, sid: '0.other', acceptableUntilMillis: 9_000 };
      expect(effectsOf(guarded, logout).at(-1)).toEqual(counter('1', 6_000));
      expect(effectsOf(guarded, other, logout).at(-1)).toEqual(counter('1', 9_000));
    });

    test('goes up with changed roles', () => {
      const roles: AccountEvent = { type: 'UserRolesChanged', atMillis: 2_000, sub: 'alice', roles: [], epoch: 1 };
      expect(effectsOf(guarded, roles).at(-1)).toEqual(counter('1', 7_000));
    });

    test('is not kept for users whom no counter guards', () => {
      const kinds = effectsOf(started('followed')).map((effect) => 'record' in effect && effect.record.kind);
      expect(kinds).toEqual(['family']);
    });
  });

  describe('changed roles', () => {
    const roles: AccountEvent = { type: 'UserRolesChanged', atMillis: 2_000, sub: 'alice', roles: ['admin'], epoch: 1 };
    const facts = ['alice', '0.sid', 'toy', ['admin']];

    test('are written into every record that still is there', () => {
      const value = JSON.stringify([...facts, 9_000]);
      expect(effectsOf(started('record'), roles).slice(1)).toEqual([
        { type: 'replace', record: { kind: 'session', id: 'd1' }, value, expiresAtMillis: 9_000 },
      ]);
    });

    test.each([
      [5_000, 7_000],
      [100_000, 90_000],
    ])(
      'count as use of a session that slides by %i ms, up to its absolute end',
      (inactivityMillis, expiresAtMillis) => {
        const record = { digest: 'd1', expiresAtMillis: 6_000, inactivityMillis };
        const value = JSON.stringify([...facts, expiresAtMillis, 90_000]);
        expect(effectsOf({ ...started('record'), record }, roles)).toEqual([
          expect.objectContaining({ type: 'put', expiresAtMillis: 6_000 }),
          { type: 'replace', record: { kind: 'session', id: 'd1' }, value, expiresAtMillis },
        ]);
      },
    );
  });
});
