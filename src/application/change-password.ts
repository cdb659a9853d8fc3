/** Command: a user gets another password, and what was begun under the old one ends. */

import { acceptableUntil } from '../domain/policy.ts';
import { passwordRecordEffect } from '../projections/inline/password-record.ts';
import type { CommandContext } from './context.ts';
import { execute } from './execute.ts';

export interface ChangePasswordInput {
  readonly sub: string;
  /** The session in which it was changed; it goes on. */
  readonly keptSid: string;
  /** Of the new password, in PHC form. Who asks has shown the old password just now. */
  readonly passwordHash: string;
}

/**
 * Returns when the new password counts and the end of all other sessions is durable, in one step. Two round trips.
 * Throws as `execute` does, and then the old password may still count.
 */
export async function changePassword(context: CommandContext, input: ChangePasswordInput): Promise<void> {
  const { sub, keptSid, passwordHash } = input;
  const atMillis = context.clock.wallMillis();
  const acceptableUntilMillis = acceptableUntil(context.policy, atMillis + context.policy.accessTokenMillis);
  const command = { type: 'ChangePassword', atMillis, sub, keptSid, acceptableUntilMillis } as const;
  await execute(context, context.log.partitionOfUser(sub), command, [passwordRecordEffect(sub, passwordHash)]);
}
