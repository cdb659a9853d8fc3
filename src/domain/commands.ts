/** What can be asked of an account. Imperative; times, ids and digests arrive ready-made, so that deciding stays pure. */

import type {
  CredentialRecord,
  EndedSession,
  MassTerminationReason,
  RefreshTokenRecord,
  RevocationChannel,
  TerminationReason,
} from './events.ts';

export interface StartSession {
  readonly type: 'StartSession';
  readonly atMillis: number;
  readonly sub: string;
  readonly sid: string;
  readonly strategy: string;
  readonly roles: readonly string[];
  readonly revocation: RevocationChannel;
  readonly expiresAtMillis: number;
  readonly acceptableUntilMillis?: number;
  readonly record?: CredentialRecord;
  readonly refresh?: RefreshTokenRecord;
  /** Sessions one user may have by one strategy at the same time; one more ends the oldest. */
  readonly maximumSessions: number;
}

export interface RefreshSession {
  readonly type: 'RefreshSession';
  readonly atMillis: number;
  readonly sub: string;
  readonly sid: string;
  readonly strategy: string;
  /** SHA-256 of the refresh token that was presented. */
  readonly presentedDigest: string;
  /** What it would be replaced by; derived from the presented token, so every honest retry brings the same. */
  readonly successor: RefreshTokenRecord;
  /** For how long after a rotation its parent may be presented again (0 to 60,000). */
  readonly graceMillis: number;
  readonly acceptableUntilMillis?: number;
  readonly record?: CredentialRecord;
}

export interface TerminateSession {
  readonly type: 'TerminateSession';
  readonly atMillis: number;
  readonly sub: string;
  readonly sid: string;
  readonly reason: TerminationReason;
  /** Used where the log has forgotten the session (Redis came back empty): its tokens are still out there. */
  readonly revocation: RevocationChannel;
  /** Latest moment at which any token issued before now can be accepted. */
  readonly acceptableUntilMillis: number;
}

export interface TerminateAllSessions {
  readonly type: 'TerminateAllSessions';
  readonly atMillis: number;
  readonly sub: string;
  readonly reason: Extract<MassTerminationReason, 'logout-all' | 'ended-by-admin'>;
  /** The session whose credential was shown: it ends also where the log has forgotten it. */
  readonly presented?: EndedSession;
  /** Latest moment at which any token issued before now can be accepted. */
  readonly acceptableUntilMillis: number;
}

/** The password itself has been checked and stored; this ends what was begun under the old one. */
export interface ChangePassword {
  readonly type: 'ChangePassword';
  readonly atMillis: number;
  readonly sub: string;
  readonly keptSid: string;
  readonly acceptableUntilMillis: number;
}

export interface DisableUser {
  readonly type: 'DisableUser';
  readonly atMillis: number;
  readonly sub: string;
  readonly acceptableUntilMillis: number;
}

export interface EnableUser {
  readonly type: 'EnableUser';
  readonly atMillis: number;
  readonly sub: string;
}

export interface ChangeUserRoles {
  readonly type: 'ChangeUserRoles';
  readonly atMillis: number;
  readonly sub: string;
  readonly roles: readonly string[];
}

export type AccountCommand =
  | StartSession
  | RefreshSession
  | TerminateSession
  | TerminateAllSessions
  | ChangePassword
  | DisableUser
  | EnableUser
  | ChangeUserRoles;
