/** What a node makes of one partition's events: what it must know before it follows, and what each event changes. */

import type { LogEntry, Partition, Position } from '../../eventlog/port.ts';

export interface PartitionProjection {
  /**
   * Takes in what the log keeps beside the events, and answers the position from which its tail goes on.
   * Throws ERR_LOG_UNAVAILABLE; ERR_LOG_CORRUPT when it cannot be understood, now or ever.
   */
  rebuild(partition: Partition): Promise<Position>;
  /**
   * Whether this version understands an entry. Learns from it what is safe to know wherever it stands: entries arrive
   * here that come too early, too late or twice.
   */
  learn(entry: LogEntry): boolean;
  /** Applies the entry right after the last one. False when it turns out not to be understood. */
  apply(entry: LogEntry): boolean;
}
