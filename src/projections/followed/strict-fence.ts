/** Waits until no node can still accept what has been revoked: the whole difference between `hybrid` and `hybrid-strict`. */

import type { Epoch, EventLog, Member, Partition, Position } from '../../eventlog/port.ts';
import type { Clock } from '../../kernel/clock.ts';
import { Pauses } from './pauses.ts';

export interface StrictFenceOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  /** S of every node of the realm. */
  readonly stalenessLimitMillis: number;
}

/** Part of S by which two nodes' clocks may run apart while one of them waits for the other's patience to end. */
const drift = 0.1;

const shortestPauseMillis = 1;
const longestPauseMillis = 8;

/**
 * Two ways to be sure. Every member has applied the event: a node becomes fresh only by a beat, a beat makes it a
 * member, so one that is not among them can only become fresh by a beat that tells of the event. Or the fence, S and a
 * margin, has passed since the append was answered: a node that has not applied the event lives on a beat from before
 * it, and that is too old by then.
 *
 * In a new epoch the members may be fewer than the nodes that live on beats of the epoch before, because the new server
 * never heard of some: there the first way counts only once this node has seen the epoch for as long as the fence.
 */
export class StrictFence {
  /** How long a revocation takes at most, once it is durable, in milliseconds. */
  readonly fenceMillis: number;
  readonly #log: EventLog;
  readonly #clock: Clock;
  readonly #pauses = new Pauses();
  /** Of nodes that were waited for, by partition and id: the last sign, and when it was read first. */
  readonly #signs = new Map<string, { readonly sign: string; readonly atMillis: number }>();
  readonly #epochs = new Map<Partition, { readonly epoch: Epoch; readonly sinceMillis: number }>();

  constructor({ log, clock, stalenessLimitMillis }: StrictFenceOptions) {
    this.#log = log;
    this.#clock = clock;
    this.fenceMillis = Math.ceil(stalenessLimitMillis * (1 + drift));
  }

  /** The partition was in this epoch at that monotonic time, now unless told. Only the first sight counts. */
  saw(partition: Partition, epoch: Epoch, atMillis = this.#clock.monotonicMillis()): void {
    if (this.#epochs.get(partition)?.epoch !== epoch) this.#epochs.set(partition, { epoch, sinceMillis: atMillis });
  }

  /**
   * Returns when no node accepts any more what the events up to this position revoke; to be called right after the
   * append was answered. Takes a few round trips, and at most the fence and one deadline of the log. Never rejects.
   */
  async passed(partition: Partition, position: Position): Promise<void> {
    const startMillis = this.#clock.monotonicMillis();
    this.saw(partition, position.epoch);
    for (let pauseMillis = shortestPauseMillis; ; pauseMillis = Math.min(2 * pauseMillis, longestPauseMillis)) {
      const isSettled = this.#isSettled(partition, position.epoch);
      const behind = await this.#behind(partition, position);
      if (behind === 0 && isSettled) return;
      if (this.#clock.monotonicMillis() - startMillis >= this.fenceMillis) return;
      await this.#pauses.pause(pauseMillis);
    }
  }

  /**
   * How many members have yet to apply the event; null when that cannot be told. Members that have given no sign of life
   * for as long as the fence are gone, and forgotten. One that beats but does not get on stays: it may yet become fresh
   * by a beat that it has sent already.
   */
  async #behind(partition: Partition, position: Position): Promise<number | null> {
    const askedMillis = this.#clock.monotonicMillis();
    const members = await this.#log.readMembers(partition).catch(() => null);
    if (members === null) return null;
    const behind = members.filter((member) => !hasApplied(member, position));
    const silent = behind.filter((member) => this.#isSilent(partition, member, askedMillis));
    await Promise.allSettled(silent.map((member) => this.#log.removeMember(partition, member)));
    return behind.length - silent.length;
  }

  #isSilent(partition: Partition, { nodeId, sign }: Member, askedMillis: number): boolean {
    const place = `${partition} ${nodeId}`;
    const seen = this.#signs.get(place);
    if (seen?.sign !== sign) this.#signs.set(place, { sign, atMillis: this.#clock.monotonicMillis() });
    else if (askedMillis - seen.atMillis >= this.fenceMillis) return this.#signs.delete(place);
    return false;
  }

  #isSettled(partition: Partition, epoch: Epoch): boolean {
    const seen = this.#epochs.get(partition);
    return seen?.epoch === epoch && this.#clock.monotonicMillis() - seen.sinceMillis >= this.fenceMillis;
  }
}

function hasApplied({ applied }: Member, { epoch, number }: Position): boolean {
  return applied !== null && applied.epoch === epoch && applied.number >= number;
}
