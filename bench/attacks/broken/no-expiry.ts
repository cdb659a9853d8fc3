/** Mistake: `jwt.sign` without `expiresIn`, which has no default, and nobody demands `exp` (RFC 9068 2.2, ASVS 9.2.1). */

import { claimsOf, type Mistake, signed, verified } from './parts.ts';

export const noExpiry: Mistake = (_careful, world) => ({
  issue(session) {
    const { exp: _forgotten, ...claims } = claimsOf(session, world);
    return signed(claims, world.hmacSecret, 'HS256');
  },
  read: (accessToken) => verified(accessToken, world.hmacSecret, { world, algorithms: ['HS256'], expires: false }),
});
