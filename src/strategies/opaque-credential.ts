/** Looks up an opaque credential, whichever way it came: the same rules for reference tokens and session cookies. */

import type { CommandContext } from '../application/context.ts';
import { isHandle, partitionOf } from '../domain/session-id.ts';
import {
  type CredentialFacts,
  type ReadRecord,
  readCredentialRecord,
  type StoredCredential,
} from '../projections/inline/credential-record.ts';

/**
 * The session a handle opens for this strategy, or null. One round trip, none for a text that cannot be a handle.
 * Throws ERR_LOG_UNAVAILABLE.
 */
export async function readOpaqueCredential(
  context: CommandContext,
  strategy: string,
  handle: string,
): Promise<CredentialFacts | null> {
  const { log } = context;
  const found = await findOpaqueCredential(context, strategy, handle, (...name) => log.readRecord(...name));
  return found?.facts ?? null;
}

/** The same by another way to read, with the record as it was found. */
export async function findOpaqueCredential(
  context: CommandContext,
  strategy: string,
  handle: string,
  read: ReadRecord,
): Promise<StoredCredential | null> {
  if (!isHandle(handle) || partitionOf(handle) >= context.log.partitions) return null;
  const found = await readCredentialRecord(read, handle);
  if (found === null || found.facts.strategy !== strategy) return null;
  // Redis removes what has expired by its own clock, a cache perhaps later; of all clocks the earliest end counts.
  return found.facts.expiresAtMillis > context.clock.wallMillis() ? found : null;
}
