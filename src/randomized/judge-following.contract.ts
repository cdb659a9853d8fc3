/**
 * I12 to I15: what a node that follows the log owes.
 *
 * - **I12** Nothing is accepted by followed state unless a beat, sent less than S before the moment of the decision, has
 *   been answered: one of the user's partition, and one of the realm's. And a node recovers by itself: R after the last
 *   fault it answers again, unless the log holds what it cannot understand.
 * - **I13** Where a node says that it stands, the log has that very event; within an epoch it never goes back.
 * - **I14** When all faults are over, every node knows the same revocations: those of the log's index, no more and no fewer.
 * - **I15** Every request is answered within what the timeouts add up to, whatever the log does, and no stuck server makes
 *   calls pile up.
 */

import { isFollowed } from '../domain/events.ts';
import type { Position } from '../eventlog/port.ts';
import type { Exchange, Session } from './history.contract.ts';
import type { NodeProcess } from './node-process.contract.ts';
import { isExcused, isPoisoned, slowestStaleMillis } from './possible-worlds.contract.ts';
import { demand, Violation } from './violation.contract.ts';
import { commandTimeoutMillis, partitions, stalenessLimitMillis, type World } from './world.contract.ts';

/** Of a look-up; of a command: reads, an append that is tried until its deadline and once more, and a strict fence. */
const longestUseMillis = commandTimeoutMillis + 50;
const longestCommandMillis = 6 * commandTimeoutMillis + 1.1 * stalenessLimitMillis + 250;

/** Beats and reports under way: a beat is given up after its timeout, and a report waits for the one before it. */
const mostUnderWay = (partitions + 1) * (2 + Math.ceil(commandTimeoutMillis / 250)) + 2 * partitions;

export function judgeProof({ traits, partition }: Session, { process, handledAt }: Exchange): void {
  if (!isFollowed(traits.revocation) || handledAt === null) return;
  for (const place of [partition, 'realm'] as const) {
    const ageMillis = handledAt - (process.proofs.get(place) ?? Number.NEGATIVE_INFINITY);
    const words = (): string => `accepted on a beat of partition ${place} sent ${Math.round(ageMillis)} ms before`;
    demand(ageMillis <= slowestStaleMillis, 'I12', words);
  }
}

export function judgeUnavailability(world: World, session: Session | null, exchange: Exchange): void {
  // Who cannot follow the realm's partition may be left without any key that signs.
  if (isExcused(world, exchange) || world.poisoned.has('realm')) return;
  const follows = session !== null && isFollowed(session.traits.revocation);
  // Whether a key is missing is asked of the first partition, for all.
  if (follows && (isPoisoned(world, session) || world.poisoned.has(0))) return;
  const invariant = follows ? 'I12' : 'I5';
  throw new Violation(invariant, `${exchange.process.actor.name} answered ${exchange.kind} with 503 without a fault`);
}

export function judgeDuration({ kind, process, sentAt, answeredAt }: Exchange): void {
  if (answeredAt === null || process.pausedUntil >= sentAt) return;
  const limit = kind === 'use' ? longestUseMillis : longestCommandMillis;
  const tookMillis = answeredAt - sentAt;
  demand(tookMillis <= limit, 'I15', () => `${kind} took ${Math.round(tookMillis)} ms`);
}

export function judgeSettled({ time }: World, { kind, process, sentAt, answeredAt }: Exchange): void {
  const isOpen = answeredAt === null && sentAt < time.now - longestCommandMillis;
  demand(!isOpen, 'I15', () => `${kind} at ${process.actor.name} was never answered`);
}

export function judgePositions(world: World, before: Map<string, Position>): void {
  for (const { actor, link, follower } of world.living) {
    if (actor.isPaused || follower === null || link.target.server !== world.primary.actor) continue;
    for (const { partition, position } of follower.status().partitions) {
      if (position === null) continue;
      const place = `${actor.name} ${partition}`;
      const last = before.get(place);
      before.set(place, position);
      const isBack = last?.epoch === position.epoch && last.number > position.number;
      demand(!isBack, 'I13', () => `${place} went back from ${last?.number} to ${position.number}`);
      const { memory } = world.primary;
      if (memory.beat(partition).epoch !== position.epoch) continue;
      const [next] = memory.readEntries(partition, position.id, 1);
      if (next === undefined || next.predecessor !== position.id) continue;
      const isRight = next.position.number === position.number + 1;
      demand(isRight, 'I13', () => `${place} stands at ${position.number}, and the log says otherwise`);
    }
  }
}

/** To be called when all faults are over, R later. */
export function judgeConvergence(world: World): void {
  const sids = world.history.sessions.map(({ sid }) => sid);
  for (const node of world.living) {
    judgeReadiness(world, node);
    for (let partition = 0; partition < partitions; partition += 1) {
      if (isPoisonedAt(world, partition)) continue;
      const index = new Map(
        world.primary.memory.readRevocations(partition, 0).map(({ id, expiresAtMillis }) => [id, expiresAtMillis]),
      );
      const isOver = (sid: string): boolean => (index.get(sid) ?? 0) < world.wallMillis + 2_000;
      for (const [sid] of index) {
        const knows = isOver(sid) || node.follower?.isRevoked(sid) === true;
        demand(knows, 'I14', () => `${node.actor.name} does not know that ${sid} is revoked`);
      }
      for (const sid of sids.filter((own) => Number.parseInt(own, 10) === partition && !index.has(own))) {
        const wasEnded = world.history.endings.some((ending) => ending.session === null || ending.session.sid === sid);
        const invents = node.follower?.isRevoked(sid) === true && !wasEnded;
        demand(!invents, 'I14', () => `${node.actor.name} takes ${sid} for revoked, which nobody asked for`);
      }
    }
  }
}

function judgeReadiness(world: World, { actor, follower, link }: NodeProcess): void {
  const name = actor.name;
  demand(link.mostUnderWay <= mostUnderWay + world.history.exchanges.length, 'I15', () => `${name} let calls pile up`);
  const stale = follower?.status().partitions.filter(({ partition, fresh }) => {
    return !fresh && !isPoisonedAt(world, partition);
  });
  demand(stale?.length === 0, 'I12', () => `${name} has not recovered: ${JSON.stringify(stale ?? 'not up')}`);
}

function isPoisonedAt(world: World, partition: number | 'realm'): boolean {
  return world.poisoned.has(partition);
}
