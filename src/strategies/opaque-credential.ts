/** Looks up an opaque credential, whichever way it came: the same rules for reference tokens and session cookies. */

import type { CommandContext } from '../application/context.ts';
import { isHandle, partitionOf } from '../domain/session-id.ts';
import { type CredentialFacts, readCredentialRecord } from '../projections/inline/credential-record.ts';

/**
 * The session a handle opens for this strategy, or null. One round trip, none for a text that cannot be a handle.
 * Throws ERR_LOG_UNAVAILABLE.
 */
export async function readOpaqueCredential(
  context: CommandContext,
  strategy: string,
  handle: string,
): Promise<CredentialFacts | null> {
  if (!isHandle(handle) || partitionOf(handle) >= context.log.partitions) return null;
  const facts = await readCredentialRecord(context.log, handle);
  if (facts === null || facts.strategy !== strategy) return null;
  // Redis removes what has expired by its own clock; between two clocks the earlier end counts.
  return facts.expiresAtMillis > context.clock.wallMillis() ? facts : null;
}
