/** Caches of verified tokens, counted for whoever asks: look-ups, what is in them, and what had to go. */

export interface TokenLookups {
  readonly lookups: number;
  readonly hits: number;
}

export interface TokenCacheCounts extends TokenLookups {
  /** Tokens that had to go for others; those that ended, in whatever way, not among them. */
  readonly evictions: number;
}

/** Of this process, of all caches together. A few additions cost less than to ask whether anybody wants to know. */
const counted = { lookups: 0, hits: 0, entries: 0, evictions: 0 };

export function tellTokenLookup(isHit: boolean): void {
  counted.lookups += 1;
  if (isHit) counted.hits += 1;
}

export function tellTokenRemembered(): void {
  counted.entries += 1;
}

/** @param hadToGo for another token; it was good, and is verified afresh when it comes again */
export function tellTokenForgotten(hadToGo: boolean): void {
  counted.entries -= 1;
  if (hadToGo) counted.evictions += 1;
}

/** Those that are remembered now. What a library remembers by itself is not among them. */
export function rememberedTokens(): number {
  return counted.entries;
}

/** Those from now on. */
export function countTokenLookups(): () => TokenLookups {
  const count = countTokenCaches();
  return () => {
    const { lookups, hits } = count();
    return { lookups, hits };
  };
}

/** Those from now on. */
export function countTokenCaches(): () => TokenCacheCounts {
  const { lookups, hits, evictions } = counted;
  return () => ({
    lookups: counted.lookups - lookups,
    hits: counted.hits - hits,
    evictions: counted.evictions - evictions,
  });
}
