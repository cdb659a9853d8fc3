/** Tells the log again what a node knows and the log has lost. */

import type { RevocationsRestored } from '../../domain/events.ts';
import type { Effect, EventLog, Partition, RevocationEntry } from '../../eventlog/port.ts';
import type { Clock } from '../../kernel/clock.ts';
import { AuthlabError } from '../../kernel/errors.ts';
import type { RandomBytes } from '../../kernel/random.ts';

export interface RestoreContext {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** For how long a token that is issued now can be accepted: its lifetime, leeway and skew. */
  readonly tokenAcceptedMillis: number;
}

/** A stream beside those of the users: no user's name has a blank in it. */
const restoredStream = 'restored revocations';

/** Revocations in one event, so that no append blocks Redis for long. */
const batchSize = 500;

/**
 * A log that has lost the end of a session takes it for alive, and may have issued a token since: so the session's
 * refresh tokens go as well, and the revocation covers what was issued until now.
 *
 * Returns when the log holds them all, durable as configured. Throws as `append` does, and ERR_LOG_CONTENDED when another
 * node restores at the same moment: then the index is to be read again, because it may hold them by now.
 */
export async function restoreRevocations(
  { log, clock, random, tokenAcceptedMillis }: RestoreContext,
  partition: Partition,
  lost: readonly RevocationEntry[],
): Promise<void> {
  for (let from = 0; from < lost.length; from += batchSize) {
    const atMillis = clock.wallMillis();
    const batch = lost.slice(from, from + batchSize).map(({ id, expiresAtMillis }) => {
      return { id, expiresAtMillis: Math.max(expiresAtMillis, atMillis + tokenAcceptedMillis) };
    });
    const { version, operationId } = await log.readUser(partition, restoredStream);
    const result = await log.append({
      partition,
      stream: restoredStream,
      expectedVersion: version,
      expectedOperationId: operationId,
      events: [restored(atMillis, batch)],
      effects: batch.flatMap(effectsOf),
      state: '{}',
      operationId: random(16).toString('base64url'),
    });
    if (!result.ok) throw new AuthlabError('ERR_LOG_CONTENDED', 'Another node restores revocations, too.');
  }
}

function effectsOf(entry: RevocationEntry): readonly Effect[] {
  return [
    { type: 'revoke', ...entry },
    { type: 'remove', record: { kind: 'family', id: entry.id } },
  ];
}

function restored(atMillis: number, batch: readonly RevocationEntry[]): RevocationsRestored {
  const sessions = batch.map(({ id: sid, expiresAtMillis: acceptableUntilMillis }) => {
    return { sid, revocation: 'followed', acceptableUntilMillis } as const;
  });
  return { type: 'RevocationsRestored', atMillis, sessions };
}
