/** Mistake: `jwt.sign(user)` puts the whole row of the user into the token, which anybody can read (RFC 7519 12, OWASP). */

import { claimsOf, type Mistake, signed } from './parts.ts';

export const sensitivePayload: Mistake = (_careful, world) => ({
  issue(session) {
    const user = {
      // An address (RFC 2606) and a number (555-01xx) that are nobody's, and letters that are the hash of nothing.
      email: `${session.sub}@example.org`,
      phone: '+1 202 555 0123',
      password_hash: `$2b$10$${'madeUpForTheLab'.repeat(4).slice(0, 53)}`,
    };
    return signed({ ...claimsOf(session, world), ...user }, world.hmacSecret, 'HS256');
  },
});
