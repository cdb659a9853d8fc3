/** What one node told around one change of roles, judged from the answers it gave to the client that kept asking. */

import type { RoleChangeObservation } from '../record/lifecycle-events.ts';
import type { Exchanged } from '../workload/exchange.ts';
import { longestGap, toMicrosecond } from './observe.ts';

export type RolesTold = 'old' | 'new' | 'refused' | 'other';

/** One answer of the protected resource. Times are monotonic milliseconds. */
export interface RolesAnswer {
  readonly sentAt: number;
  readonly told: RolesTold;
  readonly status: number;
}

/** A profile with other roles than these two is `other`, as is every status but 200 and 401. */
export function rolesTold({ status, body }: Exchanged, before: readonly string[], after: readonly string[]): RolesTold {
  if (status === 401) return 'refused';
  const roles = status === 200 ? rolesIn(body) : null;
  if (roles === null) return 'other';
  if (isSame(roles, after)) return 'new';
  return isSame(roles, before) ? 'old' : 'other';
}

/** The roles in a profile; null when there are none to be read. */
export function rolesIn(body: string): readonly string[] | null {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null || !('roles' in parsed)) return null;
    const { roles } = parsed;
    return Array.isArray(roles) && roles.every((role) => typeof role === 'string') ? roles : null;
  } catch {
    return null;
  }
}

/**
 * Judges one node's answers, in any order. A request counts from the moment it was sent; one that was under way when the
 * change was sent says nothing about it. The new roles have come with the first request after which no old ones follow.
 */
export function observeRoles(
  node: number,
  answers: readonly RolesAnswer[],
  changeSentAt: number,
): RoleChangeObservation {
  const inOrder = answers.toSorted((left, right) => left.sentAt - right.sentAt);
  const afterwards = inOrder.filter(({ sentAt }) => sentAt >= changeSentAt);
  const lastOld = afterwards.findLast(({ told }) => told === 'old');
  const firstRefused = afterwards.find(({ told }) => told === 'refused');
  const firstNew = afterwards.find(
    ({ told, sentAt }) => told === 'new' && (lastOld === undefined || sentAt > lastOld.sentAt),
  );
  const sinceChange = (answer: RolesAnswer | undefined) =>
    answer === undefined ? null : toMicrosecond(answer.sentAt - changeSentAt);
  return {
    node,
    requests: inOrder.length,
    lastOldSentMillis: sinceChange(lastOld),
    firstRefusedSentMillis: sinceChange(firstRefused),
    firstNewSentMillis: sinceChange(firstNew),
    probeSpacingMillis: toMicrosecond(longestGap(inOrder, firstNew ? inOrder.indexOf(firstNew) : inOrder.length - 1)),
    otherStatuses: countOthers(inOrder),
  };
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((role, index) => role === right[index]);
}

function countOthers(answers: readonly RolesAnswer[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { told, status } of answers) if (told === 'other') counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
