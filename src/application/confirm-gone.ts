/** A logout that finds nothing to end: it may be gone only since a moment ago, by one that has had no answer yet. */

import { isHandle, isSessionId, partitionOf } from '../domain/session-id.ts';
import type { CommandContext } from './context.ts';

/**
 * Returns when the absence of what was presented counts as a logout does. Any text may be given: one that is no session
 * id and no handle of this realm is passed over. Throws ERR_LOG_UNAVAILABLE.
 */
export async function confirmGone({ log, acknowledgement }: CommandContext, presented: string): Promise<void> {
  if (!isSessionId(presented) && !isHandle(presented)) return;
  const partition = partitionOf(presented);
  if (partition < log.partitions) await acknowledgement?.unchanged(partition);
}
