/** Latency at a fixed arrival rate, in words. */

import { differenceWithInterval, fixed, listed } from './format.ts';
import { measuredValue } from './summarise/figure.ts';
import type { OpenLoopResults } from './summarise/open-loop.ts';

/** Empty where nothing was measured. */
export function openLoopParagraph(openLoop: readonly OpenLoopResults[] | null): string {
  const measured = (openLoop ?? []).flatMap(({ contestant, latency }) => {
    const value = measuredValue(latency);
    return value === null || contestant === 'none' ? [] : [{ contestant, value }];
  });
  if (measured.length === 0) return '';
  const medians = measured.map(
    ({ contestant, value }) => `${contestant} ${differenceWithInterval(value.p50OverReferenceMicros, 0)} µs`,
  );
  const tails = measured.flatMap(({ contestant, value: { latencyMicros } }) =>
    latencyMicros.p99 === null ? [] : [`${contestant} ${fixed(latencyMicros.p99, 0)} µs`],
  );
  const ofTails = tails.length === 0 ? '' : ` The slowest request of a hundred takes ${listed(tails)} or more.`;
  return `At a fixed arrival rate the median request takes longer than without a check by: ${listed(medians)}.${ofTails}`;
}
