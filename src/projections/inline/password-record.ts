/** A password that was changed here: the hash that counts instead of the user directory's. Beside the log, never in it. */

import type { Effect, EventLog } from '../../eventlog/port.ts';

/** Redis keeps no record without an expiry of ours; this one is in the year 2286. */
const neverMillis = 9_999_999_999_999;

/** To be written in the same step as `PasswordChanged`. */
export function passwordRecordEffect(sub: string, passwordHash: string): Effect {
  return { type: 'put', record: { kind: 'password', id: sub }, value: passwordHash, expiresAtMillis: neverMillis };
}

/** The hash in PHC form, or null when the user's password was never changed here. One round trip. Throws ERR_LOG_UNAVAILABLE. */
export function readPasswordRecord(log: EventLog, sub: string): Promise<string | null> {
  return log.readRecord(log.partitionOfUser(sub), { kind: 'password', id: sub });
}
