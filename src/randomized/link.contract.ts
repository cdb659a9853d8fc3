/** One node's connections to the server that is primary for it, and all that can happen to what they carry. */

import type { MemoryEventLog } from '../eventlog/memory-event-log.ts';
import type { Partition } from '../eventlog/port.ts';
import { AuthlabError } from '../kernel/errors.ts';
import type { RandomFraction } from '../kernel/random.ts';
import type { Actor, VirtualTime } from './virtual-time.contract.ts';

/** Connections by what they are for, as the Redis adapter has them. What one carries stays in order. */
export type Channel = 'commands' | 'beats' | 'tail';
export const channels: readonly Channel[] = ['commands', 'beats', 'tail'];

/** `request`: towards the server. */
export type Way = 'request' | 'reply';

/** Where packets get stuck. Absent: everywhere. A partition alone: on Cluster each stands on a master of its own. */
export interface StallPlace {
  readonly channel?: Channel;
  readonly way?: Way;
  readonly partition?: Partition;
}

/** A server as one node reaches it. */
export interface Target {
  readonly server: Actor;
  readonly log: MemoryEventLog;
}

/** One call on its way. */
interface Call<Reply> {
  readonly channel: Channel;
  /** What it is about; null for a call about all of them. */
  readonly partition: Partition | null;
  /** How it fails when it was sent and is not answered. */
  readonly unanswered: 'ERR_LOG_UNAVAILABLE' | 'ERR_LOG_OUTCOME_UNKNOWN';
  readonly deadlineMillis: number;
  work(log: MemoryEventLog): Promise<Reply>;
}

interface Stall {
  readonly place: StallPlace;
  readonly packets: (() => void)[];
}

export class Link {
  /** Writes whose reply is lost, next. */
  repliesToLose = 0;
  /** Writes that arrive twice, next: the second time so much later, in milliseconds. */
  repeatsAfterMillis: number[] = [];
  /** Told when a reply has been lost. */
  onLoss: () => void = () => undefined;
  /** No connection can be made: nothing is sent. */
  isRefused = false;
  /** Calls under way, at most: memory that a stuck server could make grow. */
  mostUnderWay = 0;
  readonly #time: VirtualTime;
  readonly #node: Actor;
  readonly #fraction: RandomFraction;
  readonly #stalls = new Set<Stall>();
  readonly #underWay = new Set<() => void>();
  /** When the last packet arrives, by channel and way. */
  readonly #lastArrivals = new Map<string, number>();
  #target: Target;

  constructor(time: VirtualTime, node: Actor, target: Target, fraction: RandomFraction) {
    this.#time = time;
    this.#node = node;
    this.#target = target;
    this.#fraction = fraction;
  }

  get target(): Target {
    return this.#target;
  }

  /** From now on another server is the primary for this node. What the old one was asked is lost with its connections. */
  moveTo(target: Target): void {
    this.#target = target;
    this.reset();
  }

  /** Every connection breaks: what was sent is not answered any more. */
  reset(): void {
    for (const lose of [...this.#underWay]) this.#time.plan(this.#node, 0, lose);
    for (const stall of this.#stalls) stall.packets.splice(0);
  }

  /** Returns how to end it: what got stuck arrives then, or never. */
  stall(place: StallPlace): (keeps: boolean) => void {
    const stall: Stall = { place, packets: [] };
    this.#stalls.add(stall);
    return (keeps) => {
      this.#stalls.delete(stall);
      if (keeps) for (const send of stall.packets) send();
    };
  }

  isStalled(channel: Channel, way: Way, partition: Partition | null): boolean {
    return this.#stallAt(channel, way, partition) !== undefined;
  }

  /** Rejects as the Redis adapter does: at the deadline, or when the connection breaks. */
  carry<Reply>(call: Call<Reply>): Promise<Reply> {
    const { channel, partition, unanswered, deadlineMillis } = call;
    const target = this.#target;
    if (this.isRefused || target.server.isDead) {
      return Promise.reject(new AuthlabError('ERR_LOG_UNAVAILABLE', 'no connection to the in-memory log'));
    }
    return new Promise((resolve, reject) => {
      const lose = (): void => settle(() => reject(new AuthlabError(unanswered, 'the in-memory log did not answer')));
      const timer = setTimeout(lose, deadlineMillis);
      const settle = (how: () => void): void => {
        clearTimeout(timer);
        this.#underWay.delete(lose);
        how();
      };
      this.#underWay.add(lose);
      this.mostUnderWay = Math.max(this.mostUnderWay, this.#underWay.size);
      const isWrite = unanswered === 'ERR_LOG_OUTCOME_UNKNOWN';
      const answer = (how: () => void): void => {
        if (isWrite && this.repliesToLose > 0) {
          this.repliesToLose -= 1;
          this.onLoss();
        } else this.#send(this.#node, { channel, way: 'reply', partition }, () => settle(how));
      };
      const execute = (): void => {
        call.work(target.log).then(
          (reply) => answer(() => resolve(reply)),
          (error: unknown) => answer(() => reject(error)),
        );
        const again = isWrite ? this.repeatsAfterMillis.shift() : undefined;
        if (again !== undefined) this.#time.plan(target.server, again, () => void call.work(target.log).catch(() => 0));
      };
      this.#send(target.server, { channel, way: 'request', partition }, execute);
    });
  }

  #send(to: Actor, at: { channel: Channel; way: Way; partition: Partition | null }, arrive: () => void): void {
    const stall = this.#stallAt(at.channel, at.way, at.partition);
    if (stall !== undefined) {
      stall.packets.push(() => this.#send(to, at, arrive));
      return;
    }
    const lane = `${at.channel} ${at.way}`;
    const { now } = this.#time;
    const arrival = Math.max(now + 1 + Math.floor(this.#fraction() * 8), this.#lastArrivals.get(lane) ?? 0);
    this.#lastArrivals.set(lane, arrival);
    this.#time.plan(to, arrival - now, arrive);
  }

  #stallAt(channel: Channel, way: Way, partition: Partition | null): Stall | undefined {
    return [...this.#stalls].find(
      ({ place }) =>
        (place.channel ?? channel) === channel &&
        (place.way ?? way) === way &&
        (place.partition === undefined || place.partition === partition),
    );
  }
}
