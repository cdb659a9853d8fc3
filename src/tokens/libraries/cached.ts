/** `+cache`: a library that remembers what it has verified, so that a token's signature is checked once and its times always. */

import { sha256 } from '../../kernel/digest.ts';
import { tellTokenLookup } from '../../kernel/token-lookups.ts';
import type { LibraryVariant, TimeCheck, TokenLibrary, Verdict, Verifier } from './library.ts';
import { judgeTimes } from './times.ts';

/** Of each key. More than a lab has in rotation unless it is told so, for a cache that is too small by one helps nobody. */
export const cachedTokens = 10_000;

export const cacheVariant: LibraryVariant = {
  name: 'cache',
  usage: `remembers the last ${cachedTokens.toLocaleString('en-US')} tokens that it has verified`,
};

/** For libraries without a cache of their own. A key that is no longer accepted takes its memory along. */
export function withCache(library: TokenLibrary): TokenLibrary {
  return {
    ...library,
    variant: cacheVariant,
    verifierOf: (key, times) => remembering(library.verifierOf(key, times), times),
  };
}

/**
 * Goes by the SHA-256 of the whole token, signature included: a token that differs in one character is another one, and
 * the memory holds no credential. Only what was accepted is remembered, so that forgeries push nobody out; the token that
 * was not used for longest goes first.
 */
export function remembering(verify: Verifier, times: TimeCheck, maximumTokens = cachedTokens): Verifier {
  const verified = new Map<string, object>();

  function judgeAgain(digest: string, payload: object): Verdict {
    verified.delete(digest);
    const verdict = judgeTimes(payload, times);
    if (verdict.ok) verified.set(digest, payload);
    return verdict;
  }

  function remember(digest: string, verdict: Verdict): Verdict {
    if (!verdict.ok || typeof verdict.payload !== 'object' || verdict.payload === null) return verdict;
    verified.set(digest, unchangeable(verdict.payload));
    if (verified.size > maximumTokens) forgetOldest();
    return verdict;
  }

  function forgetOldest(): void {
    for (const digest of verified.keys()) {
      verified.delete(digest);
      return;
    }
  }

  return (token) => {
    const digest = sha256(token);
    const payload = verified.get(digest);
    tellTokenLookup(payload !== undefined);
    if (payload !== undefined) return judgeAgain(digest, payload);
    const verdict = verify(token);
    return verdict instanceof Promise
      ? verdict.then((settled) => remember(digest, settled))
      : remember(digest, verdict);
  };
}

/** Everybody who brings the same token is handed this very payload: nobody may change it, nor a list in it. */
export function unchangeable<Payload extends object>(payload: Payload): Payload {
  if (Object.isFrozen(payload)) return payload;
  for (const member of Object.values(payload)) Object.freeze(member);
  return Object.freeze(payload);
}
