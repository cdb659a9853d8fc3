/** What a crash takes away from the log, as far as the configuration lets it: which promises end with it. */

import { isFollowed } from '../domain/events.ts';
import { covers, type Ending } from './history.contract.ts';
import type { NodeProcess } from './node-process.contract.ts';
import type { World } from './world.contract.ts';

/**
 * To be called before the servers change. Null: nothing that was acknowledged is lost. With `replicas: 1` that is so for
 * everything but an emptied log; what was never acknowledged may be gone in any case.
 */
export function lose(world: World, loss: { readonly isEmpty: true } | { readonly since: number } | null): void {
  const { history, time, options } = world;
  const since = loss === null ? time.now : 'since' in loss ? loss.since : 0;
  const isEmpty = loss !== null && 'isEmpty' in loss;
  for (const ending of history.endings) {
    if (ending.certainAt === null || ending.lost !== null) continue;
    const { isAcknowledged } = ending;
    if (isEmpty || (isAcknowledged && (options.replicas === 1 || loss === null))) continue;
    if (!isAcknowledged) ending.certainAt = null;
    else if (ending.certainAt >= since) ending.lost = { at: time.now, knowers: knowersOf(world, ending) };
  }
  if (loss !== null && (isEmpty || options.replicas === 0)) history.losses.push({ at: time.now, since, isEmpty });
}

/** The nodes that run and know, of each session that ends: theirs is the promise that the log will know again. */
export function knowersOf(world: World, ending: Ending): readonly NodeProcess[] {
  const sids = world.history.sessions
    .filter((session) => covers(ending, session) === 'yes' && isFollowed(session.traits.revocation))
    .map(({ sid }) => sid);
  return world.living.filter(({ follower }) => sids.length > 0 && sids.every((sid) => follower?.isRevoked(sid)));
}

/** An acknowledgement that was on its way while the log lost what it acknowledges. */
export function noteLossOnTheWay(world: World, ending: Ending): void {
  const { sentAt } = ending.exchange;
  const lossAt = world.history.losses.findLast(({ at }) => at >= sentAt)?.at;
  if (lossAt !== undefined) ending.lost = { at: lossAt, knowers: knowersOf(world, ending) };
}
