/** Everything there is in a randomized run: one realm's nodes, the servers of its log, their machines and their clocks. */

import { MemoryEventLog } from '../eventlog/memory-event-log.ts';
import { MemoryServer } from '../eventlog/memory-server.ts';
import type { Partition } from '../eventlog/port.ts';
import { type RandomBytes, type RandomFraction, seededFraction } from '../kernel/random.ts';
import { Disturbances } from './disturbances.contract.ts';
import { History } from './history.contract.ts';
import { KeyWatch } from './key-watch.contract.ts';
import { Link, type Target } from './link.contract.ts';
import { NodeProcess, type RealmSettings } from './node-process.contract.ts';
import { Actor, ActorClock, type ClockFacts, VirtualTime } from './virtual-time.contract.ts';

export interface WorldOptions {
  readonly seed: number;
  readonly nodes: number;
  /** k: of two data nodes. */
  readonly replicas: 0 | 1;
  readonly graceMillis: number;
  readonly accessTokenMillis: number;
}

/** Enough for a user's partition to be another than somebody else's. */
export const partitions = 2;
export const stalenessLimitMillis = 1_000;
export const beatIntervalMillis = 250;
export const commandTimeoutMillis = 400;
export const leewayMillis = 1_000;
export const skewMillis = 400;
/** Clocks run faster or slower by this much at most, well within what the strict fence allows for. */
export const driftShare = 0.01;

/** R: so long after the last fault everything works again: a timeout, a rebuild, two beats. */
export const recoveryMillis = 3_000;

const startOfTime = Date.UTC(2026, 0, 1);

const exactClock: ClockFacts = { wallAtStart: startOfTime, aheadMillis: 0, wallSpeed: 1, speed: 1 };

/** The server that is primary, and its process. */
export interface Primary {
  readonly actor: Actor;
  readonly memory: MemoryServer;
}

export class World {
  readonly options: WorldOptions;
  readonly settings: RealmSettings;
  readonly time = new VirtualTime();
  readonly history = new History();
  readonly disturbances = new Disturbances(this.time);
  readonly fraction: RandomFraction;
  readonly keys = new KeyWatch(this.time, this.history);
  /** The clients, who never fail. */
  readonly clients: Actor;
  /** Every process there has been, those that were replaced included. */
  readonly processes: NodeProcess[] = [];
  /** The processes that requests go to. */
  readonly slots: NodeProcess[] = [];
  /** When the primary ended, each time. */
  readonly crashedAt: number[] = [];
  /** Partitions that nobody can follow any more. */
  readonly poisoned = new Set<Partition>();
  primary: Primary;
  /** What the replica has, or the disk, when it has stopped keeping up. */
  lag: { readonly memory: MemoryServer; readonly at: number } | null = null;

  constructor(options: WorldOptions) {
    const { seed, replicas, graceMillis, accessTokenMillis } = options;
    this.options = options;
    this.fraction = seededFraction(seed);
    this.settings = {
      policy: {
        accessTokenMillis,
        inactivityMillis: 20_000,
        absoluteMillis: 60_000,
        leewayMillis,
        skewMillis,
        refreshGraceMillis: graceMillis,
        maximumSessions: 100,
      },
      beatIntervalMillis,
      stalenessLimitMillis,
      commandTimeoutMillis,
      replicas,
    };
    this.clients = new Actor('clients', new ActorClock(this.time, exactClock));
    const actor = this.#machine('server');
    this.primary = { actor, memory: new MemoryServer(actor.clock) };
    this.primary.memory.replicas = 1;
    for (let slot = 0; slot < options.nodes; slot += 1) this.startNode(slot);
  }

  /** The time of day that no clock shows exactly. */
  get wallMillis(): number {
    return startOfTime + this.time.now;
  }

  /** The process that a request goes to. */
  nodeAt(index: number): NodeProcess {
    const node = this.slots[index % this.slots.length];
    if (node === undefined) throw new Error('a world has nodes');
    return node;
  }

  get living(): readonly NodeProcess[] {
    return this.processes.filter(({ actor }) => !actor.isDead);
  }

  /** Starts a process in the place of whichever was there before; that one may go on. */
  startNode(slot: number): NodeProcess {
    const actor = this.#machine(`node ${slot}.${this.processes.length}`);
    const link = new Link(this.time, actor, this.targetOf(this.primary), this.fraction);
    const node = new NodeProcess(this.time, link, { actor, random: this.#bytes, settings: this.settings });
    link.onLoss = () => this.disturbances.passing(node);
    this.processes.push(node);
    this.slots[slot % this.options.nodes] = node;
    this.time.plan(actor, 0, () => void node.start());
    return node;
  }

  /** One link's way to a server. */
  targetOf({ actor, memory }: Primary): Target {
    const { replicas } = this.options;
    const log = new MemoryEventLog({ partitions, clock: actor.clock, server: memory, replicas });
    const { append } = log;
    log.append = (request) => append.call(log, request).finally(() => this.keys.look(memory));
    return { server: actor, log };
  }

  /** Another process of the same server, or another server, with clocks of its own. */
  newServer(memory: MemoryServer): Primary {
    return { actor: this.#machine('server', this.primary.actor.clock), memory };
  }

  /** How far a wall clock is off: so little that two of them never differ by more than they may. */
  wallError(): number {
    return (this.fraction() - 0.5) * skewMillis * 0.6;
  }

  #machine(name: string, clock?: ActorClock): Actor {
    const facts: ClockFacts = {
      wallAtStart: startOfTime,
      aheadMillis: this.wallError(),
      wallSpeed: 1 + (2 * this.fraction() - 1) * driftShare * 0.1,
      speed: 1 + (2 * this.fraction() - 1) * driftShare,
    };
    return new Actor(name, clock ?? new ActorClock(this.time, facts));
  }

  readonly #bytes: RandomBytes = (size) => {
    const bytes = Buffer.alloc(size);
    for (let at = 0; at < size; at += 1) bytes[at] = Math.floor(this.fraction() * 256);
    return bytes;
  };
}
