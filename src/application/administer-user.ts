/** Commands an administrator gives about a user. Each returns when it is durable as configured; throws as `execute` does. */

import { acceptableUntil } from '../domain/policy.ts';
import type { CommandContext } from './context.ts';
import { execute } from './execute.ts';

/** Ends every session of the user, and lets nobody start another. Two round trips. */
export async function disableUser(context: CommandContext, sub: string): Promise<void> {
  const atMillis = context.clock.wallMillis();
  const acceptableUntilMillis = acceptableUntil(context.policy, atMillis + context.policy.accessTokenMillis);
  const command = { type: 'DisableUser', atMillis, sub, acceptableUntilMillis } as const;
  await execute(context, context.log.partitionOfUser(sub), command);
}

export async function enableUser(context: CommandContext, sub: string): Promise<void> {
  const command = { type: 'EnableUser', atMillis: context.clock.wallMillis(), sub } as const;
  await execute(context, context.log.partitionOfUser(sub), command);
}

/**
 * From now on these roles count. Records change with it; tokens that were issued keep their roles until they are
 * refreshed, or are refused at once where they carry the user's counter: a strategy's trait says which.
 */
export async function changeUserRoles(context: CommandContext, sub: string, roles: readonly string[]): Promise<void> {
  const command = { type: 'ChangeUserRoles', atMillis: context.clock.wallMillis(), sub, roles } as const;
  await execute(context, context.log.partitionOfUser(sub), command);
}
