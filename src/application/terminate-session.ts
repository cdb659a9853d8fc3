/** Command: a session ends, and whatever opens it is revoked through its channel. */

import type { RevocationChannel, TerminationReason } from '../domain/events.ts';
import { acceptableUntil } from '../domain/policy.ts';
import { partitionOf } from '../domain/session-id.ts';
import type { CommandContext } from './context.ts';
import { execute } from './execute.ts';

export interface TerminateSessionInput {
  readonly sub: string;
  readonly sid: string;
  readonly reason: TerminationReason;
  readonly revocation: RevocationChannel;
}

/**
 * Returns when the end is durable as configured: from then on the strategy's bound runs. A session that has ended is a
 * success (RFC 7009 2.2). Two round trips. Throws as `execute` does, and then the session may still live.
 */
export async function terminateSession(context: CommandContext, input: TerminateSessionInput): Promise<void> {
  const atMillis = context.clock.wallMillis();
  await execute(context, partitionOf(input.sid), {
    type: 'TerminateSession',
    atMillis,
    sub: input.sub,
    sid: input.sid,
    reason: input.reason,
    revocation: input.revocation,
    acceptableUntilMillis: acceptableUntil(context.policy, atMillis + context.policy.accessTokenMillis),
  });
}
