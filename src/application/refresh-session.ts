/** Command: a refresh token is exchanged for its successor (RFC 6749 6, rotation as RFC 9700 4.14.2). */

import { acceptableUntil, accessTokenExpiry, refreshTokenExpiry } from '../domain/policy.ts';
import { partitionOf } from '../domain/session-id.ts';
import type { Birth } from '../eventlog/port.ts';
import { readFamily } from '../projections/inline/refresh-family.ts';
import type { CommandContext, SessionTimes } from './context.ts';
import { execute } from './execute.ts';

export interface RefreshSessionInput {
  /** From the token; its shape has been checked. */
  readonly sid: string;
  readonly strategy: string;
  readonly presentedDigest: string;
  readonly successorDigest: string;
  /** SHA-256 of the opaque access token that goes with the successor. */
  readonly recordDigest?: string;
}

export type RefreshedSession =
  | {
      readonly ok: true;
      readonly sub: string;
      readonly roles: readonly string[];
      /** The user's counter now. */
      readonly epoch: number;
      /** Of the log that knows the session. */
      readonly birth: Birth | null;
      readonly times: SessionTimes;
    }
  | { readonly ok: false; readonly refusal: 'invalid_grant' };

const refused: RefreshedSession = { ok: false, refusal: 'invalid_grant' };

/**
 * Every honest retry of the same token within the grace is answered alike. Anything else that had been used before ends
 * the session. Three round trips. Throws as `execute` does; a refresh that threw may be retried with the same token.
 */
export async function refreshSession(context: CommandContext, input: RefreshSessionInput): Promise<RefreshedSession> {
  const { policy } = context;
  const partition = partitionOf(input.sid);
  const owner = await readFamily(context.log, input.sid);
  if (owner === null) await context.acknowledgement?.missing(partition);
  if (owner === null || owner.strategy !== input.strategy) return refused;
  const atMillis = context.clock.wallMillis();
  const accessTokenExpiresAtMillis = accessTokenExpiry(policy, atMillis, Number.POSITIVE_INFINITY);
  const { outcome, before, birth } = await execute(context, partition, {
    type: 'RefreshSession',
    atMillis,
    sub: owner.sub,
    sid: input.sid,
    strategy: input.strategy,
    presentedDigest: input.presentedDigest,
    successor: {
      digest: input.successorDigest,
      expiresAtMillis: refreshTokenExpiry(policy, atMillis, Number.POSITIVE_INFINITY),
    },
    graceMillis: policy.refreshGraceMillis,
    acceptableUntilMillis: acceptableUntil(policy, accessTokenExpiresAtMillis),
    ...(input.recordDigest === undefined
      ? {}
      : { record: { digest: input.recordDigest, expiresAtMillis: accessTokenExpiresAtMillis } }),
  });
  if (outcome === 'refused') await context.acknowledgement?.missing(partition);
  const session = before.sessions[input.sid];
  if (session === undefined || (outcome !== 'rotated' && outcome !== 'repeated')) return refused;
  return {
    ok: true,
    sub: owner.sub,
    roles: session.roles,
    epoch: before.epoch,
    birth,
    times: {
      atMillis,
      sessionExpiresAtMillis: session.expiresAtMillis,
      accessTokenExpiresAtMillis: Math.min(accessTokenExpiresAtMillis, session.expiresAtMillis),
    },
  };
}
