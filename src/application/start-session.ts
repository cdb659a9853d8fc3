/** Command: a user whose password is right gets a session. */

import type { RevocationChannel } from '../domain/events.ts';
import { acceptableUntil, accessTokenExpiry, refreshTokenExpiry } from '../domain/policy.ts';
import { partitionOf } from '../domain/session-id.ts';
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

/** Two round trips. Throws as `execute` does; a start whose outcome is unknown leaves at worst a session nobody holds. */
export async function startSession(context: CommandContext, input: StartSessionInput): Promise<SessionTimes> {
  const { policy } = context;
  const atMillis = context.clock.wallMillis();
  const sessionExpiresAtMillis = atMillis + policy.absoluteMillis;
  const accessTokenExpiresAtMillis = accessTokenExpiry(policy, atMillis, sessionExpiresAtMillis);
  const inactiveAtMillis = refreshTokenExpiry(policy, atMillis, sessionExpiresAtMillis);
  const { sid, sub, roles, strategy, revocation, record, refreshDigest } = input;
  await execute(context, partitionOf(sid), {
    type: 'StartSession',
    atMillis,
    sub,
    sid,
    strategy,
    roles,
    revocation,
    expiresAtMillis: sessionExpiresAtMillis,
    ...(revocation === 'denylist' || revocation === 'followed'
      ? { acceptableUntilMillis: acceptableUntil(policy, accessTokenExpiresAtMillis) }
      : {}),
    ...(record === undefined
      ? {}
      : {
          record: {
            digest: record.digest,
            expiresAtMillis: record.lives === 'session' ? inactiveAtMillis : accessTokenExpiresAtMillis,
          },
        }),
    ...(refreshDigest === undefined ? {} : { refresh: { digest: refreshDigest, expiresAtMillis: inactiveAtMillis } }),
  });
  return { atMillis, sessionExpiresAtMillis, accessTokenExpiresAtMillis };
}
