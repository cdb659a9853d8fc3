/** The near cache of a server, opened only where some strategy keeps what it reads. */

import type { Config } from '../config.ts';
import type { EventLog, RecordCache } from '../eventlog/port.ts';
import { systemClock } from '../kernel/clock.ts';
import { traitsOf } from '../strategies/registry.ts';

/** Closed together with the log. Without a strategy that asks for it: no connection, and every record is asked of the log. */
export function nearCacheFor(config: Config, log: EventLog): Pick<RecordCache, 'read'> {
  if (!config.strategies.some((name) => traitsOf(name).stateLocation === 'redis and node memory')) {
    return { read: (partition, record) => log.readRecord(partition, record) };
  }
  return log.openRecordCache({
    stalenessLimitMillis: config.stalenessLimitMillis,
    pingIntervalMillis: config.beatIntervalMillis,
    maximumEntries: config.nearCacheEntries,
    clock: systemClock,
  });
}
