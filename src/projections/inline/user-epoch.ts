/** Inline projection: a counter for every user whose tokens carry a count, for as long as one of them can be accepted. */

import type { AccountState } from '../../domain/account-state.ts';
import { type AccountEvent, sessionsEndedBy } from '../../domain/events.ts';
import type { Birth, Effect, EventLog } from '../../eventlog/port.ts';
import { AuthlabError } from '../../kernel/errors.ts';

/**
 * Written when the counter goes up and whenever a token is issued under it, so that it is there as long as any token
 * is: a missing counter means no.
 */
export function userEpochEffects(event: AccountEvent, before: AccountState, after: AccountState): Effect[] {
  const untilMillis = Math.max(neededUntil(after), ...endedUntil(event));
  const issues = event.type === 'SessionStarted' || event.type === 'SessionRefreshed';
  if (untilMillis <= 0 || (after.epoch === before.epoch && !issues)) return [];
  return [
    {
      type: 'put',
      record: { kind: 'epoch', id: event.sub },
      value: String(after.epoch),
      expiresAtMillis: untilMillis,
    },
  ];
}

function neededUntil({ sessions }: AccountState): number {
  const guarded = Object.values(sessions).filter(({ revocation }) => revocation === 'epoch');
  return Math.max(0, ...guarded.map(({ acceptableUntilMillis = 0 }) => acceptableUntilMillis));
}

function endedUntil(event: AccountEvent): readonly number[] {
  const guarded = sessionsEndedBy(event).filter(({ revocation }) => revocation === 'epoch');
  return guarded.map(({ acceptableUntilMillis }) => acceptableUntilMillis);
}

/** The count that a user's tokens must carry, and the log in which it was counted. */
export interface UserEpoch {
  readonly epoch: number;
  readonly birth: Birth | null;
}

/** Null when no token of the user can be good. One round trip, one MGET. Throws ERR_LOG_UNAVAILABLE, ERR_LOG_CORRUPT. */
export async function readUserEpoch(log: EventLog, partition: number, sub: string): Promise<UserEpoch | null> {
  const { value, birth } = await log.readPlacedRecord(partition, { kind: 'epoch', id: sub });
  if (value === null) return null;
  const epoch = Number(value);
  if (Number.isSafeInteger(epoch) && epoch >= 0) return { epoch, birth };
  throw new AuthlabError('ERR_LOG_CORRUPT', 'The counter of a user is not a number.');
}
