/** Reads a partition of the log from some entry to its end, a page at a time: how long it is does not matter. */

import type { EventLog, LogEntry, Partition } from '../eventlog/port.ts';

/** Entries one round trip brings. */
export const pageSize = 1_000;

/**
 * Pages in order, none empty. Ends with what was the last entry when it got there. Throws ERR_LOG_UNAVAILABLE.
 * @param afterId entry id to begin after; `0-0` is the beginning
 */
export async function* readPages(
  log: EventLog,
  partition: Partition,
  afterId = '0-0',
): AsyncGenerator<readonly LogEntry[]> {
  let after = afterId;
  for (;;) {
    const page = await log.readEntries(partition, after, pageSize);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    if (page.length < pageSize) return;
    after = last.position.id;
  }
}

/** Milliseconds at which Redis took the entry in: the first half of its id. Never goes back within a partition. */
export function takenInAtMillis(id: string): number {
  return Number.parseInt(id, 10);
}

/** Whether a text is the id of an entry: the only kind of text that gets near Redis as one. */
export function isEntryId(text: string): boolean {
  return /^\d{1,16}-\d{1,16}$/.test(text);
}
