/** The stage on which a follower is tested: a clock and timers that stand still, and the in-memory twin of the log. */

import { afterEach, beforeEach, vi } from 'vitest';
import { appendRequest, terminated } from '../../eventlog/event-log-harness.contract.ts';
import { MemoryEventLog } from '../../eventlog/memory-event-log.ts';
import { MemoryServer } from '../../eventlog/memory-server.ts';
import { ManualClock } from '../../kernel/clock.ts';
import { systemRandomBytes } from '../../kernel/random.ts';
import { LogFollower } from './follower.ts';
import type { FollowerOptions } from './follower-options.ts';
import type { FollowerDiagnostic } from './follower-status.ts';

export const beatIntervalMillis = 250;
export const stalenessLimitMillis = 2_000;

/** Stops the timers of every test in the file, so that time passes only in `FollowerStory.pass`. */
export function holdTimers(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}

type StoryOptions = Partial<Pick<FollowerOptions, 'following' | 'signingKeys' | 'onEvent' | 'nodeId'>> & {
  /** Whose server and clock this node shares; absent: it has its own. */
  readonly beside?: FollowerStory;
};

/** One node over a log of two partitions, and a writer whose own link never fails. */
export class FollowerStory {
  readonly clock: ManualClock;
  readonly server: MemoryServer;
  readonly log: MemoryEventLog;
  readonly told: FollowerDiagnostic[] = [];
  readonly follower: LogFollower;
  readonly #writer: MemoryEventLog;

  constructor({ beside, ...options }: StoryOptions = {}) {
    this.clock = beside?.clock ?? new ManualClock();
    this.server = beside?.server ?? new MemoryServer(this.clock);
    this.log = new MemoryEventLog({ partitions: 2, clock: this.clock, server: this.server });
    this.#writer = new MemoryEventLog({ partitions: 2, clock: this.clock, server: this.server });
    this.follower = new LogFollower({
      random: systemRandomBytes,
      tokenAcceptedMillis: 900_000,
      log: this.log,
      clock: this.clock,
      following: 'everything',
      beatIntervalMillis,
      stalenessLimitMillis,
      ...options,
      onEvent: (diagnostic) => {
        this.told.push(diagnostic);
        options.onEvent?.(diagnostic);
      },
    });
  }

  /** Starts the node and lets it catch up. */
  static async started(options?: ConstructorParameters<typeof FollowerStory>[0]): Promise<FollowerStory> {
    const story = new FollowerStory(options);
    void story.follower.start();
    await story.pass(beatIntervalMillis);
    return story;
  }

  /** Lets time pass on all clocks and timers, in steps small enough for everything to happen in its order. */
  async pass(millis: number): Promise<void> {
    for (let left = millis; left > 0; left -= 50) {
      const step = Math.min(left, 50);
      this.clock.advance(step);
      await vi.advanceTimersByTimeAsync(step);
    }
  }

  /** Ends a session, as acknowledged; it stays in the index for 15 minutes. */
  async revoke(sid: string): Promise<void> {
    const partition = Number.parseInt(sid, 10);
    const expiresAtMillis = this.clock.wallMillis() + 900_000;
    const { version } = await this.#writer.readUser(partition, 'ada');
    await this.#writer.append(
      appendRequest({
        partition,
        expectedVersion: version,
        events: [terminated(sid, expiresAtMillis)],
        effects: [{ type: 'revoke', id: sid, expiresAtMillis }],
      }),
    );
  }

  kinds(): string[] {
    return this.told.map((diagnostic) => diagnostic.type);
  }
}
