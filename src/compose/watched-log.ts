/** An event log that tells somebody what was appended through it, and which calls failed. */

import type { LogEvent } from '../domain/events.ts';
import type { EventLog } from '../eventlog/port.ts';
import { isAuthlabError } from '../kernel/errors.ts';

export interface LogWatcher {
  /** These events are durable now, by a command of this node. Must not throw. */
  appended(events: readonly LogEvent[]): void;
  /** Absent: failures are not watched, and calls cost nothing more. */
  readonly failed?: (call: string, code: string) => void;
}

/** The same log; whoever closes either closes both. */
export function watchLog(log: EventLog, { appended, failed }: LogWatcher): EventLog {
  /** Faults go on to the caller as they are. */
  function watched<Arguments extends unknown[], Answer>(
    name: string,
    call: (...given: Arguments) => Promise<Answer>,
  ): (...given: Arguments) => Promise<Answer> {
    if (failed === undefined) return call;
    return async (...given) => {
      try {
        return await call(...given);
      } catch (error) {
        failed(name, isAuthlabError(error) ? error.code : 'unexpected');
        throw error;
      }
    };
  }
  const append = watched('append', log.append.bind(log));
  return {
    partitions: log.partitions,
    partitionOfUser: log.partitionOfUser.bind(log),
    async append(request) {
      const result = await append(request);
      if (result.ok) appended(request.events);
      return result;
    },
    readUser: watched('readUser', log.readUser.bind(log)),
    readRecord: watched('readRecord', log.readRecord.bind(log)),
    readPlacedRecord: watched('readPlacedRecord', log.readPlacedRecord.bind(log)),
    replaceRecord: watched('replaceRecord', log.replaceRecord.bind(log)),
    openRecordCache: log.openRecordCache.bind(log),
    beat: watched('beat', log.beat.bind(log)),
    report: watched('report', log.report.bind(log)),
    readMembers: watched('readMembers', log.readMembers.bind(log)),
    removeMember: watched('removeMember', log.removeMember.bind(log)),
    readRevocations: watched('readRevocations', log.readRevocations.bind(log)),
    openTail: log.openTail.bind(log),
    readEntries: watched('readEntries', log.readEntries.bind(log)),
    close: log.close.bind(log),
  };
}
