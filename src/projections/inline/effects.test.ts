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
        value: JSON.stringify({ sub: 'alice', sid: '0.sid', strategy: 'toy', roles: ['user'], expiresAtMillis: 9_000 }),
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
});
