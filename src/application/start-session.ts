/** Command: a user whose password is right gets a session. */

import { outlivesSession, type RevocationChannel } from '../domain/events.ts';
import { acceptableUntil, accessTokenExpiry, refreshTokenExpiry } from '../domain/policy.ts';
import { partitionOf } from '../domain/session-id.ts';
import type { Birth } from '../eventlog/port.ts';
import type { CommandContext, SessionTimes } from './context.ts';
import { execute } from './execute.ts';

export interface StartSessionInput {
  readonly sid: string;
  readonly sub: string;
  readonly roles: readonly string[];
  readonly strategy: string;
  readonly revocation: RevocationChannel;
  /** SHA-256 of an opaque credential, and how long it opens the session. */
  readonly record?: { readonly digest: string; readonly lives: 'access-token' | 'session' };
  readonly refreshDigest?: string;
}

export type StartedSession =
  | {
      readonly ok: true;
      /** Those that count: an administrator may have changed what the user directory says. */
      readonly roles: readonly string[];
      /** The user's counter at the start. */
      readonly epoch: number;
      /** Of the log that knows the session. */
      readonly birth: Birth | null;
      readonly times: SessionTimes;
    }
  | { readonly ok: false; readonly refusal: 'user_disabled' };

/** Two round trips. Throws as `execute` does; a start whose outcome is unknown leaves at worst a session nobody holds. */
export async function startSession(context: CommandContext, input: StartSessionInput): Promise<StartedSession> {
  const { policy } = context;
  const atMillis = context.clock.wallMillis();
  const sessionExpiresAtMillis = atMillis + policy.absoluteMillis;
  const accessTokenExpiresAtMillis = accessTokenExpiry(policy, atMillis, sessionExpiresAtMillis);
  const inactiveAtMillis = refreshTokenExpiry(policy, atMillis, sessionExpiresAtMillis);
  const { sid, sub, roles, strategy, revocation, record, refreshDigest } = input;
  const { outcome, after, birth } = await execute(context, partitionOf(sid), {
    type: 'StartSession',
    atMillis,
    sub,
    sid,
    strategy,
    roles,
    revocation,
    expiresAtMillis: sessionExpiresAtMillis,
    maximumSessions: policy.maximumSessions,
    ...(outlivesSession(revocation)
      ? { acceptableUntilMillis: acceptableUntil(policy, accessTokenExpiresAtMillis) }
      : {}),
    ...(record === undefined
      ? {}
      : {
          record:
            record.lives === 'session'
              ? { digest: record.digest, expiresAtMillis: inactiveAtMillis, inactivityMillis: policy.inactivityMillis }
              : { digest: record.digest, expiresAtMillis: accessTokenExpiresAtMillis },
        }),
    ...(refreshDigest === undefined ? {} : { refresh: { digest: refreshDigest, expiresAtMillis: inactiveAtMillis } }),
  });
  if (outcome === 'user-disabled') return { ok: false, refusal: 'user_disabled' };
  return {
    ok: true,
    roles: after.sessions[sid]?.roles ?? roles,
    epoch: after.epoch,
    birth,
    times: { atMillis, sessionExpiresAtMillis, accessTokenExpiresAtMillis },
  };
}
