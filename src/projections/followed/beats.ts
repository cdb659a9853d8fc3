/** Sends a node's beats, and keeps the account of what each has proved. */

import type { EventLog } from '../../eventlog/port.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { FollowedPartition } from './followed-partition.ts';
import type { FollowerReporter } from './follower-reporter.ts';
import type { BeatOutcome } from './freshness.ts';
import type { NodeMembership } from './node-membership.ts';

export interface BeatsOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly reporter: FollowerReporter;
  readonly membership: NodeMembership;
  readonly onOutcome: (followed: FollowedPartition, outcome: BeatOutcome) => void;
}

export class Beats {
  readonly #options: BeatsOptions;

  constructor(options: BeatsOptions) {
    this.#options = options;
  }

  /** One beat, unless the partition is closed or enough are on their way. */
  send(followed: FollowedPartition): void {
    const { log, clock, reporter, membership, onOutcome } = this.#options;
    // Before sending: a revocation acknowledged while the beat is on its way may be missing from its answer.
    const sent = { monotonicMillis: clock.monotonicMillis(), wallMillis: clock.wallMillis() };
    const beat = followed.freshness.send(sent);
    if (beat === null) return;
    log.beat(followed.partition, membership.in(followed)).then(
      (position) => {
        reporter.regained('beats');
        onOutcome(followed, followed.freshness.answered(beat, position));
      },
      (error: unknown) => {
        followed.freshness.failed(beat);
        reporter.lost('beats', error);
      },
    );
  }
}
