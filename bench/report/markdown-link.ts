/** The report's section on the distance between nodes and Redis, where a link makes one. */

import { type Block, section, table } from './document.ts';
import { fixed } from './format.ts';
import type { LinkSummary } from './summarise/link.ts';

/** One row for each time it was measured; empty without a link. */
export function linkSection(links: readonly LinkSummary[], isSwept: boolean): Block[] {
  const rows = links.map(({ addedMillisAsked, addedMicros, directMicros, linkMicros }) => [
    fixed(addedMillisAsked, 2),
    millisText(addedMicros.p50),
    addedMicros.p99 === null ? 'too few' : millisText(addedMicros.p99),
    millisText(directMicros.p50),
    millisText(linkMicros.p50),
    fixed(addedMicros.count, 0),
  ]);
  if (rows.length === 0) return [];
  const use = isSwept
    ? 'the figures below are drawn over the median. Its own work is part of what it adds, so compare the levels with one another and not with a run without it.'
    : 'it is the same for all, and was measured before each level, or once.';
  return [
    section('The round-trip time'),
    `A link between node and Redis, a process of its own, holds back what passes. What it adds is measured, in pairs of one round trip over it and one past it; ${use}`,
    table(['asked, ms', 'added p50, ms', 'added p99, ms', 'past the link p50, ms', 'over it p50, ms', 'pairs'], rows),
  ];
}

function millisText(micros: number): string {
  return fixed(micros / 1_000, 3);
}
