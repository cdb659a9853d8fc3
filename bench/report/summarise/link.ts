/** What the delay link added to a round trip, as measured: the axis on which round-trip time is drawn. */

import type { LinkMeasured } from '../../record/link-events.ts';
import { type Distribution, describeDistribution } from '../../statistics/quantiles.ts';

export interface LinkSummary {
  readonly addedMillisAsked: number;
  readonly directMicros: Distribution;
  readonly linkMicros: Distribution;
  /** Of each pair's difference; a disturbance of the direct one makes it smaller, even negative. */
  readonly addedMicros: Distribution;
}

/** Null when nothing was measured. */
export function summariseLink({ addedMillisAsked, directMicros, linkMicros }: LinkMeasured): LinkSummary | null {
  const differences = linkMicros.flatMap((micros, pair) => {
    const direct = directMicros[pair];
    return direct === undefined ? [] : [micros - direct];
  });
  const direct = describeDistribution(directMicros);
  const link = describeDistribution(linkMicros);
  const added = describeDistribution(differences);
  if (direct === null || link === null || added === null) return null;
  return { addedMillisAsked, directMicros: direct, linkMicros: link, addedMicros: added };
}
