/** What the routes about whole accounts ask for: a port that is kept by the commands and queries of src/application. */

import type { ListedSession } from '../application/list-sessions.ts';
import type { LogAnswer, LogQuery } from '../application/log-queries.ts';
import type { Traits } from '../strategies/strategy.ts';

/** The session whose credential was shown, with the channel of its strategy: it ends also where the log forgot it. */
export interface PresentedSession {
  readonly sub: string;
  readonly sid: string;
  readonly revocation: Traits['revocation'];
}

/**
 * What a user may do about the own account. Every change returns when it is durable as configured, and throws ERR_LOG_*
 * when that is not so or not known.
 */
export interface Accounts {
  /** Newest first, by whatever strategy they were begun. */
  sessionsOf(sub: string): Promise<readonly ListedSession[]>;
  /** Ends one session of the user who presents one. Any name is taken; one that is not of a living own session ends nothing. */
  endSession(presented: PresentedSession, sid: string): Promise<void>;
  endAllSessions(presented: PresentedSession): Promise<void>;
  /** Ends every session but the kept one. The hash is in PHC form. */
  changePassword(change: { sub: string; keptSid: string; passwordHash: string }): Promise<void>;
}

/** What an administrator may do. Names of users have the shape of one; whether there is such a user is not asked. */
export interface Administration {
  endAllSessions(sub: string): Promise<void>;
  /** Ends every session too. */
  disableUser(sub: string): Promise<void>;
  enableUser(sub: string): Promise<void>;
  changeRoles(sub: string, roles: readonly string[]): Promise<void>;
  /** Absent where keys do not rotate. Null: nothing here signs by an algorithm of this name. */
  readonly rotateKeys?: (algorithm: string, retireOld: RetireOld) => Promise<RotatedKey | null>;
  /** Absent where the log is not shown. */
  readonly queryLog?: (query: LogQuery) => Promise<LogAnswer>;
}

/** When the key that signs now stops being accepted: once its last token has expired, or as soon as the new one signs. */
export type RetireOld = 'when-expired' | 'at-activation';

export interface RotatedKey {
  readonly kid: string;
  /** From when on the new key signs. */
  readonly activateAtMillis: number;
}
