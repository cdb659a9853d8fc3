/** Follows the log as it grows, for somebody who watches. */

import { setTimeout as pause } from 'node:timers/promises';
import type { EventLog, Partition } from '../eventlog/port.ts';
import { isAuthlabError } from '../kernel/errors.ts';
import { type ShownEntry, showEntry } from './log-entries.ts';
import { partitionsOf } from './log-stories.ts';

export interface FollowOptions {
  /** Redis's wall time from which on entries are told. */
  readonly sinceMillis: number;
  /** Ends it at once. */
  readonly signal: AbortSignal;
  /** Told when the log cannot be reached any more, and when it can again. */
  readonly onContact?: (contact: 'lost' | 'regained') => void;
}

/** How long one read waits for something to happen. */
const waitMillis = 1_000;
const retryMillis = 250;

/**
 * Every entry of every partition and of the realm, each partition in its order. Always goes on after the last entry it
 * has told, whatever happened in between. Throws ERR_LOG_UNAVAILABLE when the log cannot be reached to begin with; later
 * it tries again for as long as it takes.
 */
export async function* followLog(log: EventLog, options: FollowOptions): AsyncGenerator<ShownEntry> {
  const { sinceMillis, signal, onContact } = options;
  const from = `${Math.max(0, Math.floor(sinceMillis) - 1)}-0`;
  const after = new Map<Partition, string>([...partitionsOf(log, undefined), 'realm' as const].map((at) => [at, from]));
  const tail = log.openTail();
  const close = () => void tail.close();
  signal.addEventListener('abort', close, { once: true });
  let contact: 'never' | 'lost' | 'there' = 'never';
  try {
    while (!signal.aborted) {
      try {
        const entries = await tail.read(after, waitMillis);
        if (contact === 'lost') onContact?.('regained');
        contact = 'there';
        for (const { partition, entry } of entries) {
          if (signal.aborted) return;
          after.set(partition, entry.position.id);
          yield showEntry(partition, entry);
        }
      } catch (error) {
        if (signal.aborted) return;
        if (contact === 'never' || !isAuthlabError(error, 'ERR_LOG_UNAVAILABLE')) throw error;
        if (contact === 'there') onContact?.('lost');
        contact = 'lost';
        await pause(retryMillis, undefined, { signal }).catch(() => undefined);
      }
    }
  } finally {
    signal.removeEventListener('abort', close);
    await tail.close();
  }
}
