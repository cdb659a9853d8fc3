/** What the number that WAIT returned means. */

import { AuthlabError } from '../kernel/errors.ts';

/**
 * Returns when at least `wanted` replicas have confirmed what was written before.
 *
 * @param unanswered what it means when they have not: a write stands on the primary and may yet be lost or kept, so
 *   nobody knows; a beat has only failed to prove anything.
 * @throws ERR_LOG_OUTCOME_UNKNOWN or ERR_LOG_UNAVAILABLE, as told
 */
export function confirmReplication(
  confirmed: number,
  wanted: number,
  unanswered: 'ERR_LOG_UNAVAILABLE' | 'ERR_LOG_OUTCOME_UNKNOWN',
): void {
  if (confirmed >= wanted) return;
  throw new AuthlabError(unanswered, `${confirmed} of ${wanted} replicas confirmed what was written`);
}
