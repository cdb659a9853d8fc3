/** Look-ups in caches of verified tokens, counted for whoever asks. */

export interface TokenLookups {
  readonly lookups: number;
  readonly hits: number;
}

/** Of this process, of all caches together. Two additions cost less than to ask whether anybody wants to know. */
const counted = { lookups: 0, hits: 0 };

export function tellTokenLookup(isHit: boolean): void {
  counted.lookups += 1;
  if (isHit) counted.hits += 1;
}

/** Those from now on. */
export function countTokenLookups(): () => TokenLookups {
  const { lookups, hits } = counted;
  return () => ({ lookups: counted.lookups - lookups, hits: counted.hits - hits });
}
