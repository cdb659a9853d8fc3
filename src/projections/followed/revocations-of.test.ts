import { expect, test } from 'vitest';
import type { AccountEvent, RevocationChannel, SessionTerminated } from '../../domain/events.ts';
import { revocationsOf } from './revocations-of.ts';

const terminated: SessionTerminated = {
  type: 'SessionTerminated',
  atMillis: 1_000,
  sub: 'ada',
  sid: '0.session',
  reason: 'logout',
  revocation: 'followed',
  acceptableUntilMillis: 9_000,
};

test('the end of a followed session is remembered until its last token is dead', () => {
  expect(revocationsOf(terminated)).toEqual([{ id: '0.session', expiresAtMillis: 9_000 }]);
});

test.each<RevocationChannel>(['record', 'denylist', 'none'])(
  'the end of a %s session is not followed',
  (revocation) => {
    expect(revocationsOf({ ...terminated, revocation })).toEqual([]);
  },
);

test('other events revoke nothing by themselves', () => {
  const reuse: AccountEvent = { type: 'RefreshTokenReuseDetected', atMillis: 1, sub: 'ada', sid: '0.session' };
  expect(revocationsOf(reuse)).toEqual([]);
});
