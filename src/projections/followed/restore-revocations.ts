/** Tells the log again what a node knows and the log has lost. */

import type { RevocationsRestored } from '../../domain/events.ts';
import type { EventLog, Partition, RevocationEntry } from '../../eventlog/port.ts';
import type { Clock } from '../../kernel/clock.ts';
import { AuthlabError } from '../../kernel/errors.ts';
import type { RandomBytes } from '../../kernel/random.ts';

export interface RestoreContext {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

/** A stream beside those of the users: no user's name has a blank in it. */
const restoredStream = 'restored revocations';

/** Revocations in one event, so that no append blocks Redis for long. */
const batchSize = 500;

/**
 * Returns when the log holds them all, durable as configured. Throws as `append` does, and ERR_LOG_CONTENDED when another
 * node restores at the same moment: then the index is to be read again, because it may hold them by now.
 */
export async function restoreRevocations(
  { log, clock, random }: RestoreContext,
  partition: Partition,
  lost: readonly RevocationEntry[],
): Promise<void> {
  for (let from = 0; from < lost.length; from += batchSize) {
    const batch = lost.slice(from, from + batchSize);
    const { version } = await log.readUser(partition, restoredStream);
    const result = await log.append({
      partition,
      stream: restoredStream,
      expectedVersion: version,
      events: [restored(clock.wallMillis(), batch)],
      effects: batch.map((entry) => ({ type: 'revoke', ...entry })),
      state: '{}',
      operationId: random(16).toString('base64url'),
    });
    if (!result.ok) throw new AuthlabError('ERR_LOG_CONTENDED', 'Another node restores revocations, too.');
  }
}

function restored(atMillis: number, batch: readonly RevocationEntry[]): RevocationsRestored {
  const sessions = batch.map(({ id: sid, expiresAtMillis: acceptableUntilMillis }) => {
    return { sid, revocation: 'followed', acceptableUntilMillis } as const;
  });
  return { type: 'RevocationsRestored', atMillis, sessions };
}
