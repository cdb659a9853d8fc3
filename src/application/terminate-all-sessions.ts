/** Command: every session of a user ends, by whatever strategy it was begun. */

import type { MassTerminationReason, RevocationChannel } from '../domain/events.ts';
import { acceptableUntil } from '../domain/policy.ts';
import type { CommandContext } from './context.ts';
import { execute } from './execute.ts';

export interface TerminateAllSessionsInput {
  readonly sub: string;
  readonly reason: Extract<MassTerminationReason, 'logout-all' | 'ended-by-admin'>;
  /** The session whose credential was shown, with the channel of its strategy: it ends also where the log forgot it. */
  readonly presented?: { readonly sid: string; readonly revocation: RevocationChannel };
}

/**
 * Returns when the end is durable as configured: from then on each strategy's bound runs. Sessions begun afterwards
 * live, in the same millisecond too. Two round trips. Throws as `execute` does, and then sessions may still live.
 */
export async function terminateAllSessions(context: CommandContext, input: TerminateAllSessionsInput): Promise<void> {
  const { sub, reason, presented } = input;
  const atMillis = context.clock.wallMillis();
  const acceptableUntilMillis = acceptableUntil(context.policy, atMillis + context.policy.accessTokenMillis);
  await execute(context, context.log.partitionOfUser(sub), {
    type: 'TerminateAllSessions',
    atMillis,
    sub,
    reason,
    acceptableUntilMillis,
    ...(presented === undefined ? {} : { presented: { ...presented, acceptableUntilMillis } }),
  });
}
