/** When the commands of a node may say that they are done, as its configuration and its strategies demand it. */

import type { Acknowledgement } from '../application/acknowledgement.ts';
import { type AccountEvent, sessionsEndedBy } from '../domain/events.ts';
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

/** Events of commands that promise about every session of a user, whoever ended it. */
const massEndings: ReadonlySet<AccountEvent['type']> = new Set([
  'AllSessionsTerminated',
  'PasswordChanged',
  'UserDisabled',
]);

export function createAcknowledgement(options: AcknowledgementOptions): Acknowledgement {
  const { log, fence, follower, replicas, isStrict } = options;
  return {
    async appended(partition, position, events) {
      follower()?.learn(events);
      const ended = events.flatMap((event) => sessionsEndedBy(event));
      const isWaitedFor = ended.some(({ revocation }) => revocation === 'followed-strict');
      // One that is not named any more may have been ended a moment ago, by somebody who still waits for the nodes.
      const endsAll = isStrict && events.some(({ type }) => massEndings.has(type));
      if (isWaitedFor || endsAll) await fence.passed(partition, position);
    },
    async unchanged(partition) {
      // What one server alone has written, and nobody waits for, counted when it could be read.
      if (replicas === 0 && !isStrict) return;
      const position = await log.beat(partition);
      if (isStrict) await fence.passed(partition, position);
    },
    async missing(partition) {
      // Replicas that confirm a beat have all that was read before it; one server alone proves nothing.
      if (replicas > 0) await log.beat(partition);
    },
  };
}
