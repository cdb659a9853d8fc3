/** What must be so before a command may say that it is done: more than that its events stand in the log, perhaps. */

import type { AccountEvent } from '../domain/events.ts';
import type { Partition, Position } from '../eventlog/port.ts';

export interface Acknowledgement {
  /** These events have been appended, durable as configured. Returns when they count as they promise. Never throws. */
  appended(partition: Partition, position: Position, events: readonly AccountEvent[]): Promise<void>;
  /**
   * Nothing was appended because all was already as it was asked for; perhaps only just, by somebody who has not had an
   * answer yet. Returns when it counts. Throws ERR_LOG_UNAVAILABLE when that cannot be told.
   */
  unchanged(partition: Partition): Promise<void>;
  /**
   * What was read lacks something: a session, or a refresh token's place in its family. Returns when that is certain, which
   * a primary that was replaced without knowing it cannot tell. Throws ERR_LOG_UNAVAILABLE.
   */
  missing(partition: Partition): Promise<void>;
}
