/** Keeps what a node holds in its memory up with the log, and says for which partitions it may be relied on. */

import type { AccountEvent } from '../../domain/events.ts';
import type { Birth, LogTail, Partition, Position, TailEntry } from '../../eventlog/port.ts';
import { isAuthlabError } from '../../kernel/errors.ts';
import { Beats } from './beats.ts';
import { FollowedPartition, type RebuildCause } from './followed-partition.ts';
import { FollowedRevocations } from './followed-revocations.ts';
import { FollowedSigningKeys } from './followed-signing-keys.ts';
import type { FollowerOptions } from './follower-options.ts';
import { FollowerReporter } from './follower-reporter.ts';
import type { FollowerStatus } from './follower-status.ts';
import type { BeatOutcome, Moment } from './freshness.ts';
import { NodeMembership } from './node-membership.ts';
import type { PartitionProjection } from './partition-projection.ts';
import { Pauses } from './pauses.ts';
import { Readiness } from './readiness.ts';
import { RevocationSet } from './revocation-set.ts';
import type { RevocationView } from './revocation-view.ts';
import { revocationsOf } from './revocations-of.ts';
import type { KnownSessionId } from './session-id-words.ts';
import { planTail } from './tail-plan.ts';

const retryDelayMillis = 100;

/** Stands for the type of the event where it was the state beside the events that could not be understood. */
const stateType = 'authlab:state';

/**
 * Three things run side by side and none waits for another: beats, the tail over all partitions, and the rebuild of
 * whichever partition lost its place. Whatever fails is tried again until `stop`; meanwhile freshness runs out by itself.
 */
export class LogFollower implements RevocationView {
  readonly #options: FollowerOptions;
  readonly #revocations: RevocationSet;
  readonly #realm: FollowedPartition;
  /** By partition number. */
  readonly #users: readonly FollowedPartition[];
  readonly #all: ReadonlyMap<Partition, FollowedPartition>;
  readonly #readiness: Readiness;
  readonly #reporter: FollowerReporter;
  readonly #membership: NodeMembership;
  readonly #beats: Beats;
  readonly #running = new Set<Promise<void>>();
  readonly #pauses = new Pauses();
  #state: 'new' | 'running' | 'stopped' = 'new';
  #tail: LogTail | null = null;
  #tailAnsweredMillis = Number.NEGATIVE_INFINITY;
  #beatTimer: ReturnType<typeof setInterval> | undefined;

  constructor(options: FollowerOptions) {
    const { log, clock, stalenessLimitMillis, beatIntervalMillis } = options;
    const outstandingLimit = Math.max(1, Math.ceil(stalenessLimitMillis / beatIntervalMillis));
    const follow = (partition: Partition, projection: PartitionProjection) =>
      new FollowedPartition(partition, projection, { stalenessLimitMillis, outstandingLimit });
    this.#options = options;
    this.#reporter = new FollowerReporter(options.onEvent);
    this.#membership = new NodeMembership(log, options.nodeId ?? null);
    this.#beats = new Beats({
      log,
      clock,
      reporter: this.#reporter,
      membership: this.#membership,
      onOutcome: (followed, outcome) => this.#beatAnswered(followed, outcome),
    });
    this.#revocations = new RevocationSet(clock);
    this.#realm = follow('realm', new FollowedSigningKeys(log, options.signingKeys));
    const revocations = new FollowedRevocations(options, this.#revocations);
    const length = options.following === 'everything' ? log.partitions : 0;
    this.#users = Array.from({ length }, (_, partition) => follow(partition, revocations));
    this.#all = new Map([this.#realm, ...this.#users].map((followed) => [followed.partition, followed]));
    this.#readiness = new Readiness(this.#all.keys());
  }

  /** Whether the node has, since its start, caught up with a beat in every partition. Being fresh now is `isFresh`. */
  get ready(): boolean {
    return this.#state === 'running' && this.#readiness.isReached;
  }

  isRevoked(session: string | KnownSessionId): boolean {
    return this.#revocations.has(session);
  }

  birthOf(partition: number): Birth | null {
    return this.#users[partition]?.birth ?? null;
  }

  /** What this node has just appended, it knows: nobody need tell it. */
  learn(events: readonly AccountEvent[]): void {
    if (this.#users.length === 0) return;
    for (const event of events) for (const revocation of revocationsOf(event)) this.#revocations.add(revocation);
  }

  isFresh(partition: number, wallMillis = this.#options.clock.wallMillis()): boolean {
    const user = this.#users[partition];
    if (user === undefined) return false;
    const monotonic = this.#options.clock.monotonicMillis();
    return user.freshness.isFresh(monotonic, wallMillis) && this.#realm.freshness.isFresh(monotonic, wallMillis);
  }

  /**
   * Resolves when the node is ready, however long Redis stays away. Rejects with ERR_INTERRUPTED when it is stopped
   * before. Starts once: a second call waits for the first.
   */
  start(): Promise<void> {
    if (this.#state !== 'new') return this.#readiness.reached;
    this.#state = 'running';
    this.#tail = this.#options.log.openTail();
    for (const followed of this.#all.values()) this.#rebuild(followed, 'start');
    this.#run(this.#followTail(this.#tail));
    this.#beatTimer = setInterval(() => this.#beatAll(), this.#options.beatIntervalMillis);
    this.#beatTimer.unref();
    return this.#readiness.reached;
  }

  /** Ends timers and reads; nothing is fresh afterwards, and nobody waits for this node. Does not close the log. */
  async stop(): Promise<void> {
    this.#state = 'stopped';
    this.#reporter.end();
    clearInterval(this.#beatTimer);
    this.#readiness.interrupt();
    for (const followed of this.#all.values()) followed.closeForRebuild();
    this.#pauses.end();
    await this.#tail?.close();
    await Promise.all([this.#membership.leave(this.#all.keys()), ...this.#running]);
  }

  status(): FollowerStatus {
    const now = this.#now();
    return {
      ready: this.ready,
      revocations: this.#revocations.size,
      partitions: [...this.#all.values()].map(({ partition, phase, freshness }) => ({
        partition,
        phase,
        fresh: freshness.isFresh(now.monotonicMillis, now.wallMillis),
        ageMillis: freshness.ageMillis(now),
        position: freshness.position,
      })),
    };
  }

  #beatAll(): void {
    this.#revocations.sweepSome();
    for (const followed of this.#all.values()) this.#beats.send(followed);
  }

  #beatAnswered(followed: FollowedPartition, outcome: BeatOutcome): void {
    if (outcome === 'counted') this.#noteFresh(followed);
    if (outcome === 'new-epoch' || outcome === 'went-backwards') this.#rebuild(followed, outcome);
    // A tail that says nothing withholds nothing.
    const tailSilentMillis = this.#now().monotonicMillis - this.#tailAnsweredMillis;
    if (outcome === 'withheld' && tailSilentMillis < this.#options.stalenessLimitMillis) this.#rebuild(followed, 'gap');
  }

  async #followTail(tail: LogTail): Promise<void> {
    const longestWaitMillis = Math.min(this.#options.beatIntervalMillis, this.#options.stalenessLimitMillis / 4);
    while (this.#state === 'running') {
      const { after, lives, waitMillis } = planTail(this.#all.values(), longestWaitMillis);
      try {
        if (after.size === 0) {
          // Nothing to follow until the first rebuild is done, which ends the pause.
          await this.#pauses.pause(retryDelayMillis);
          continue;
        }
        const entries = await tail.read(after, waitMillis);
        this.#reporter.regained('tail');
        this.#tailAnsweredMillis = this.#now().monotonicMillis;
        this.#takeAll(entries, lives);
      } catch (error) {
        this.#reporter.lost('tail', error);
        await this.#pauses.pause(retryDelayMillis);
      }
    }
  }

  #takeAll(entries: readonly TailEntry[], lives: ReadonlyMap<Partition, number>): void {
    const advanced = new Set<FollowedPartition>();
    for (const { partition, entry } of entries) {
      const followed = this.#all.get(partition);
      if (followed === undefined || followed.phase === 'poisoned' || this.#state !== 'running') continue;
      const outcome = followed.take(entry, lives.get(partition) ?? -1);
      if (outcome === 'applied') {
        advanced.add(followed);
        this.#noteFresh(followed);
      }
      if (outcome === 'gap' || outcome === 'new-epoch') this.#rebuild(followed, outcome);
      if (outcome === 'poisoned') this.#poison(followed, entry.position.id, entry.event.type);
    }
    for (const followed of advanced) this.#membership.applied(followed);
  }

  #poison(followed: FollowedPartition, entryId: string, eventType: string): void {
    followed.poison();
    this.#reporter.tell({ type: 'poisoned', partition: followed.partition, entryId, eventType });
  }

  /** Closes the partition at once; opens it again when all that the log keeps beside the events has been read. */
  #rebuild(followed: FollowedPartition, cause: RebuildCause): void {
    const before = followed.freshness.position;
    followed.closeForRebuild();
    this.#reporter.tell({ type: 'rebuild-started', partition: followed.partition, cause });
    this.#run(this.#catchUp(followed, before, cause === 'gap'));
  }

  async #catchUp(followed: FollowedPartition, before: Position | null, isGap: boolean): Promise<void> {
    // A log that is broken shows the same gap again after every rebuild: not as fast as it can.
    if (isGap) await this.#pauses.pause(retryDelayMillis);
    while (this.#state === 'running') {
      try {
        const position = await followed.projection.rebuild(followed.partition);
        if (this.#state !== 'running' || followed.phase !== 'rebuilding') return;
        followed.follow(position);
        this.#reporter.regained('rebuild');
        this.#reporter.tell({ type: 'rebuilt', partition: followed.partition, before, position });
        this.#pauses.skip();
        this.#beats.send(followed);
        return;
      } catch (error) {
        if (isAuthlabError(error, 'ERR_LOG_CORRUPT')) return this.#poison(followed, '', stateType);
        this.#reporter.lost('rebuild', error);
        await this.#pauses.pause(retryDelayMillis);
      }
    }
  }

  #noteFresh(followed: FollowedPartition): void {
    if (this.#readiness.isReached || followed.freshness.ageMillis(this.#now()) === null) return;
    this.#readiness.caughtUp(followed.partition);
  }

  #now(): Moment {
    return { monotonicMillis: this.#options.clock.monotonicMillis(), wallMillis: this.#options.clock.wallMillis() };
  }

  #run(work: Promise<void>): void {
    const running = work.finally(() => this.#running.delete(running));
    this.#running.add(running);
  }
}
