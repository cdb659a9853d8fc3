/** When the commands of a node may say that they are done, as its configuration and its strategies demand it. */

import type { Acknowledgement } from '../application/acknowledgement.ts';
import { sessionsEndedBy } from '../domain/events.ts';
import type { EventLog } from '../eventlog/port.ts';
import type { LogFollower } from '../projections/followed/follower.ts';
import type { StrictFence } from '../projections/followed/strict-fence.ts';

export interface AcknowledgementOptions {
  readonly log: EventLog;
  readonly fence: StrictFence;
  /** Asked when a command ends: null before there is one, and where nothing is followed. */
  readonly follower: () => Pick<LogFollower, 'learn'> | null;
  /** How many replicas confirm each append. */
  readonly replicas: number;
  /** Whether some strategy of this node promises that nobody accepts what it has ended. */
  readonly isStrict: boolean;
}

export function createAcknowledgement(options: AcknowledgementOptions): Acknowledgement {
  const { log, fence, follower, replicas, isStrict } = options;
  return {
    async appended(partition, position, events) {
      follower()?.learn(events);
      const ended = events.flatMap((event) => sessionsEndedBy(event));
      if (ended.some(({ revocation }) => revocation === 'followed-strict')) await fence.passed(partition, position);
    },
    async unchanged(partition) {
      // What one server alone has written, and nobody waits for, counted when it could be read.
      if (replicas === 0 && !isStrict) return;
      const position = await log.beat(partition);
      if (isStrict) await fence.passed(partition, position);
    },
  };
}
