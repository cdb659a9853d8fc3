/** How many of the tokens that a contestant was asked about it remembered. */

import type { RunEvent } from '../../record/run-events.ts';

export interface TokenCacheResult {
  readonly contestant: string;
  readonly lookups: number;
  /** Of all lookups, 0 to 1. */
  readonly hitShare: number;
}

/**
 * One of each contestant that has a cache: of each of its processes from the first pair of windows to the last, so that the tokens it met for the
 * first time while it was warmed up do not count; of a single pair, since its node began.
 */
export function summariseTokenCaches(events: readonly RunEvent[]): TokenCacheResult[] {
  const counted = events.filter((event) => event.type === 'TokenCacheCounted');
  return [...new Set(counted.map(({ contestant }) => contestant))].flatMap((contestant) => {
    const own = counted.filter((event) => event.contestant === contestant);
    const spans = processesIn(own).map(([first, last]) => ({
      lookups: last.lookups - (first === last ? 0 : first.lookups),
      hits: last.hits - (first === last ? 0 : first.hits),
    }));
    const lookups = spans.reduce((sum, span) => sum + span.lookups, 0);
    const hits = spans.reduce((sum, span) => sum + span.hits, 0);
    return lookups > 0 ? [{ contestant, lookups, hitShare: hits / lookups }] : [];
  });
}

type Counted = Extract<RunEvent, { type: 'TokenCacheCounted' }>;

/** First and last count of each of the contestant's processes: a new one begins at nothing. */
function processesIn(counted: readonly Counted[]): [Counted, Counted][] {
  const spans: [Counted, Counted][] = [];
  for (const event of counted) {
    const current = spans.at(-1);
    if (current === undefined || event.lookups < current[1].lookups) spans.push([event, event]);
    else current[1] = event;
  }
  return spans;
}
