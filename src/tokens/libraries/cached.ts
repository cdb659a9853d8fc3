/** `+cache`: any library, behind a memory of the tokens that it has verified. What is remembered, and how: verified-tokens.ts. */

import type { LibraryVariant, TokenLibrary } from './library.ts';

/** Unless a name says otherwise: `+cache-5000`. */
export const cachedTokens = 25_000;
/** A million tokens take about a gigabyte. */
export const maximumCachedTokens = 1_000_000;

export function cacheVariant(verifiedTokens: number): LibraryVariant {
  const name = verifiedTokens === cachedTokens ? 'cache' : `cache-${verifiedTokens}`;
  const usage = `is asked once about a token, of which ${verifiedTokens.toLocaleString('en-US')} at most are remembered`;
  return { name, usage, verifiedTokens };
}

export function withCache(library: TokenLibrary, verifiedTokens = cachedTokens): TokenLibrary {
  return { ...library, variant: cacheVariant(verifiedTokens) };
}
