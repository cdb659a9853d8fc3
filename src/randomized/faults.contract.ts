/** What can go wrong in a run. Each fault says whom it disturbs, and how it ends. */

import type { MemoryServer } from '../eventlog/memory-server.ts';
import type { Partition } from '../eventlog/port.ts';
import type { Disturbance } from './disturbances.contract.ts';
import type { StallPlace } from './link.contract.ts';
import { lose } from './losses.contract.ts';
import type { NodeProcess } from './node-process.contract.ts';
import type { Primary, World } from './world.contract.ts';

/** Packets of one node get stuck: one way or both, on one connection or all, of one partition or all. */
export function stall(world: World, node: NodeProcess, place: StallPlace): Disturbance {
  return begin(world, { name: 'stall', node, end: node.link.stall(place) });
}

/** The node cannot connect any more. */
export function refuse(world: World, node: NodeProcess): void {
  node.link.isRefused = true;
  node.link.reset();
  const end = (): void => {
    node.link.isRefused = false;
  };
  begin(world, { name: 'refuse', node, end });
}

/** Its next write is done, and its reply lost. */
export function loseReply(node: NodeProcess): void {
  node.link.repliesToLose += 1;
}

/** Its next write arrives once more, when other things have been written meanwhile. */
export function repeatWrite(node: NodeProcess, afterMillis: number): void {
  node.link.repeatsAfterMillis.push(afterMillis);
}

/** The process stands still, as by SIGSTOP; with `suspends` its machine does, and its monotonic clock, too. */
export function pauseNode(world: World, node: NodeProcess, suspends: boolean): void {
  if (node.actor.isPaused || node.actor.isDead) return;
  const { time } = world;
  const pausedAt = time.now;
  time.pause(node.actor);
  node.pausedUntil = Number.POSITIVE_INFINITY;
  const end = (): void => {
    node.pausedUntil = time.now;
    time.resume(node.actor, suspends ? time.now - pausedAt : 0);
  };
  begin(world, { name: 'pause', node, end });
}

/** The process is gone; another takes its place. */
export function restartNode(world: World, slot: number): void {
  const node = world.nodeAt(slot);
  kill(world, node);
  world.startNode(slot % world.options.nodes);
}

/** Another process takes its place, though it has only been paused, and will go on. */
export function replacePausedNode(world: World, slot: number): void {
  pauseNode(world, world.nodeAt(slot), false);
  world.startNode(slot % world.options.nodes);
}

export function kill(world: World, node: NodeProcess): void {
  node.actor.isDead = true;
  node.actor.isPaused = false;
  node.actor.held.splice(0);
  world.disturbances.passing(node);
  for (const notice of [...node.waiting]) world.time.plan(world.clients, 1, notice);
}

/** The node's wall clock is set: to another time that is as right as it must be. */
export function setClock(world: World, node: NodeProcess): void {
  node.actor.clock.aheadMillis = world.wallError();
}

/** Redis stands still, as by SIGSTOP. */
export function pauseServer(world: World): void {
  const { actor } = world.primary;
  if (actor.isPaused) return;
  world.time.pause(actor);
  begin(world, { name: 'server paused', node: null, end: () => world.time.resume(actor) });
}

/**
 * From now on what is written reaches the primary alone: no replica confirms it, no disk has it. Whether anybody is told
 * that it is durable depends on `replicas`.
 */
export function beginLag(world: World): void {
  if (world.lag !== null) return;
  const { memory } = world.primary;
  world.lag = { memory: memory.copy(), at: world.time.now };
  memory.replicas = 0;
  const end = (): void => {
    world.lag = null;
    confirmAgain(world);
  };
  begin(world, { name: 'lag', node: world.options.replicas === 0 ? world.nodeAt(0) : null, end });
}

/** The replica confirms what is written, unless something else keeps it from doing so. */
function confirmAgain(world: World): void {
  const isAlone = world.disturbances.active.some(({ name }) => name === alone);
  world.primary.memory.replicas = world.lag === null && !isAlone ? 1 : 0;
}

export interface Crash {
  readonly kind: 'restart' | 'empty' | 'promotion';
  /** For how long nobody answers. */
  readonly downMillis: number;
  /** By how much later than others some nodes learn of the promotion: until then the old primary goes on for them. */
  readonly lateMillis: number;
}

/** A primary that was promoted has no replica of its own yet. */
const alone = 'without replica';

/** The primary ends. What follows has what was on the disk, or on the replica; or nothing. */
export function crash(world: World, { kind, downMillis, lateMillis }: Crash): void {
  const old = world.primary;
  const { replicas } = world.options;
  // What a replica has confirmed is not lost by a primary's disk: with replicas, a promotion is how writes are lost.
  const keepsUp = world.lag === null || (kind === 'restart' && replicas === 1);
  const before = world.lag;
  world.crashedAt.push(world.time.now);
  lose(world, kind === 'empty' ? { isEmpty: true } : keepsUp ? null : { since: before?.at ?? 0 });
  for (const lag of world.disturbances.active.filter(({ name }) => name === 'lag')) {
    world.disturbances.end(lag, false);
  }
  const memory = keepsUp || before === null ? old.memory : before.memory;
  const next = world.newServer(kind === 'promotion' ? promoted(memory, old.memory) : restarted(memory, kind));
  world.primary = next;
  world.keys.follow(next.memory, kind === 'empty' ? 0 : keepsUp ? Number.POSITIVE_INFINITY : (before?.at ?? 0));
  // An old primary that goes on has no replica, so it is of no use to whoever demands one; else it must be dead.
  const goesOn = kind === 'promotion' && replicas === 1;
  if (goesOn) old.memory.replicas = 0;
  else old.actor.isDead = true;
  for (const [index, node] of world.living.entries()) {
    move(world, node, next, { afterMillis: downMillis + (index % 2) * lateMillis, isDeposed: goesOn });
  }
  const end = (): void => confirmAgain(world);
  const down = begin(world, { name: kind === 'promotion' ? alone : 'down', node: null, end });
  confirmAgain(world);
  if (kind !== 'promotion' || replicas === 0) {
    world.time.plan(world.clients, downMillis + lateMillis + 1, () => world.disturbances.end(down, false));
  }
}

function promoted(memory: MemoryServer, old: MemoryServer): MemoryServer {
  return memory === old ? memory.copy() : memory;
}

function restarted(memory: MemoryServer, kind: Crash['kind']): MemoryServer {
  memory.restart({ empty: kind === 'empty' });
  return memory;
}

function move(
  world: World,
  node: NodeProcess,
  next: Primary,
  { afterMillis, isDeposed }: { readonly afterMillis: number; readonly isDeposed: boolean },
): void {
  if (isDeposed) node.deposedUntil = Number.POSITIVE_INFINITY;
  else node.link.reset();
  world.time.plan(world.clients, afterMillis, () => {
    // Another one may have followed meanwhile.
    if (world.primary !== next) return;
    node.link.moveTo(world.targetOf(next));
    node.deposedUntil = Math.min(node.deposedUntil, world.time.now);
    world.disturbances.passing(node);
  });
}

/**
 * Entries are gone that nobody may need any more, but somebody does. The last one stays: a node that is behind notices by
 * what comes after the gap, and where nothing comes it waits for the next event.
 */
export function trim(world: World, partition: Partition, kept: number): void {
  world.primary.memory.trim(partition, kept);
  world.disturbances.passing(null);
}

/** Something stands in the log that this version cannot understand: its followers close, for good. */
export function poison(world: World, partition: Partition): void {
  world.poisoned.add(partition);
  const { memory } = world.primary;
  const { epoch, number, id } = memory.beat(partition);
  const event = JSON.stringify({ type: 'SomethingNew', atMillis: 1, sub: 'nobody' });
  const fields = { number: `${number + 1}`, epoch, predecessor: id, stream: 'nobody', version: '1', event };
  memory.plant(partition, fields);
}

function begin(world: World, disturbance: Disturbance): Disturbance {
  world.disturbances.begin(disturbance);
  return disturbance;
}

/** Every fault ends; what got stuck arrives, or never. The primary has its replica again. */
export function endAll(world: World): void {
  for (const disturbance of world.disturbances.active) {
    world.disturbances.end(disturbance, world.fraction() < 0.5);
  }
  for (const node of world.living) {
    node.link.repliesToLose = 0;
    if (node.link.target.server === world.primary.actor) continue;
    node.link.moveTo(world.targetOf(world.primary));
    node.deposedUntil = Math.min(node.deposedUntil, world.time.now);
    world.disturbances.passing(node);
  }
}
