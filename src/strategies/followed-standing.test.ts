import { expect, test } from 'vitest';
import type { RevocationView } from '../projections/followed/revocation-view.ts';
import type { AccessTokenClaims } from '../tokens/claims.ts';
import { followedStanding } from './followed-standing.ts';

const known: RevocationView = {
  isRevoked: (session) => (typeof session === 'string' ? session : session.text) === '1.revoked',
  birthOf: () => 500,
  isFresh: (at) => at === 1,
};

function standingOf(sid: string, birth?: number): string {
  const claims: AccessTokenClaims = {
    issuer: 'https://issuer.test',
    audience: 'hybrid-hs256',
    sub: 'ada',
    sid,
    tokenId: 'a',
    roles: [],
    issuedAtMillis: 1,
    expiresAtMillis: 2,
    ...(birth === undefined ? {} : { birth }),
  };
  const { standing } = followedStanding(known);
  return String(standing.standingOf(standing.askedOf(claims), 0));
}

test.each([
  ['of a session that lives', '1.live', 500, 'live'],
  ['of one that was revoked', '1.revoked', 500, 'revoked'],
  ['of a partition that is not fresh, revoked or not', '0.revoked', 500, 'unknown'],
  ['of a log that has been emptied since', '1.live', 499, 'revoked'],
  ['of a log that this node has not heard of yet', '1.live', 501, 'unknown'],
  ['that names no log', '1.live', undefined, 'revoked'],
])('a token %s', (_, sid, birth, standing) => {
  expect(standingOf(sid, birth)).toBe(standing);
});

test('keys may be missing while the realm may be stale', () => {
  expect(followedStanding(known).mayMissKeys()).toBe(true);
  expect(followedStanding({ ...known, isFresh: () => true }).mayMissKeys()).toBe(false);
});
