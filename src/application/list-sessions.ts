/** Query: the sessions of a user that live now. */

import { readUserState } from '../projections/inline/user-state.ts';
import type { CommandContext } from './context.ts';

export interface ListedSession {
  readonly sid: string;
  readonly strategy: string;
  readonly startedAtMillis: number;
  /** Its absolute end; inactivity may end it sooner. */
  readonly expiresAtMillis: number;
}

/** Newest first. One round trip. Throws ERR_LOG_UNAVAILABLE, ERR_LOG_CORRUPT. */
export async function listSessions(context: CommandContext, sub: string): Promise<readonly ListedSession[]> {
  const { log, clock } = context;
  const state = readUserState(await log.readUser(log.partitionOfUser(sub), sub));
  const nowMillis = clock.wallMillis();
  return Object.entries(state.sessions)
    .filter(([, { expiresAtMillis, family }]) => expiresAtMillis > nowMillis && !isInactive(family, nowMillis))
    .map(([sid, { strategy, startedAtMillis, expiresAtMillis }]) => ({
      sid,
      strategy,
      startedAtMillis,
      expiresAtMillis,
    }))
    .toSorted((left, right) => right.startedAtMillis - left.startedAtMillis);
}

function isInactive(family: { readonly current: { readonly expiresAtMillis: number } } | undefined, nowMillis: number) {
  return family !== undefined && family.current.expiresAtMillis <= nowMillis;
}
