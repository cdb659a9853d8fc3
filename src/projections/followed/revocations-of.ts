/** Followed projection: what an event adds to the set of revocations that every node keeps in its memory. */

import { type AccountEvent, isFollowed, type RevocationsRestored, sessionsEndedBy } from '../../domain/events.ts';
import type { RevocationEntry } from '../../eventlog/port.ts';

/**
 * The revocations an event makes known, each with the moment until which it must be remembered. The inline revocation
 * index is written from the same function, so that a rebuilt node and one that followed along know the same.
 */
export function revocationsOf(event: AccountEvent | RevocationsRestored): readonly RevocationEntry[] {
  return sessionsEndedBy(event)
    .filter(({ revocation }) => isFollowed(revocation))
    .map(({ sid, acceptableUntilMillis }) => ({ id: sid, expiresAtMillis: acceptableUntilMillis }));
}
