/** How many of the tokens that a contestant was asked about it remembered. */

import type { RunEvent } from '../../record/run-events.ts';

export interface TokenCacheResult {
  readonly contestant: string;
  readonly lookups: number;
  /** Of all lookups, 0 to 1. */
  readonly hitShare: number;
}

/**
 * One of each contestant that has a cache: from its first pair of windows to its last, so that the tokens it met for the
 * first time while it was warmed up do not count; of a single pair, since its node began.
 */
export function summariseTokenCaches(events: readonly RunEvent[]): TokenCacheResult[] {
  const counted = events.filter((event) => event.type === 'TokenCacheCounted');
  return [...new Set(counted.map(({ contestant }) => contestant))].flatMap((contestant) => {
    const own = counted.filter((event) => event.contestant === contestant);
    const last = own.at(-1);
    const first = own.length > 1 ? own[0] : undefined;
    const lookups = (last?.lookups ?? 0) - (first?.lookups ?? 0);
    const hits = (last?.hits ?? 0) - (first?.hits ?? 0);
    return lookups > 0 ? [{ contestant, lookups, hitShare: hits / lookups }] : [];
  });
}
