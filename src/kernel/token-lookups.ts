/** Lookups in caches of verified tokens, told to whoever counts them: a lab's server, and nobody else. */

import { channel } from 'node:diagnostics_channel';

const lookups = channel('authlab.token-lookup');

/** Costs next to nothing where nobody counts. */
export function tellTokenLookup(isHit: boolean): void {
  if (lookups.hasSubscribers) lookups.publish(isHit);
}

export interface TokenLookups {
  readonly lookups: number;
  readonly hits: number;
}

/** Counts those of this process from now on, of all caches together. */
export function countTokenLookups(): () => TokenLookups {
  const counted = { lookups: 0, hits: 0 };
  lookups.subscribe((isHit) => {
    counted.lookups += 1;
    if (isHit === true) counted.hits += 1;
  });
  return () => ({ ...counted });
}
