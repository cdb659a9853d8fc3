/** Mistake: one refresh token for the whole life of the session, good as often as it is shown (RFC 9700 2.2.2, 4.14.2). */

import type { Mistake } from './parts.ts';

export const noRotation: Mistake = ({ sessions }) => ({
  exchange(refreshToken) {
    const session = sessions.ownerOf(refreshToken);
    return session === null ? null : { session, refreshToken };
  },
});
