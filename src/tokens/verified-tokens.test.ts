/** How many tokens are remembered, which of them, and for how long. */

import { afterEach, describe, expect, test, vi } from 'vitest';
import { ManualClock } from '../kernel/clock.ts';
import { countTokenCaches, rememberedTokens } from '../kernel/token-lookups.ts';
import type { AcceptedKey } from './accepted-keys.ts';
import { forgettingMillis, VerifiedTokens } from './verified-tokens.ts';

const leewayMillis = 5_000;
const sid = '0.AAAAAAAAAAAAAAAAAAAAAA';

describe('room for verified tokens', () => {
  afterEach(() => vi.useRealTimers());
  const key: AcceptedKey = { verify: () => ({ ok: false, reason: 'signature' }), isSignature: () => false };

  function memory(maximumTokens: number) {
    const clock = new ManualClock();
    const tokens = new VerifiedTokens({ clock, leewayMillis, maximumTokens, prepare: ({ sub }) => sub });
    const issuedAtMillis = clock.wallMillis();
    const claims = (sub: string, lives = 60_000) => ({
      ...{ issuer: 'i', audience: 'a', sub, sid, tokenId: sub, roles: [] },
      ...{ issuedAtMillis, expiresAtMillis: clock.wallMillis() + lives },
    });
    /** Whether it was known. */
    const ask = (number: number, lives?: number): boolean => {
      const token = `token.of.${String(number).padStart(12, '0')}A`;
      const known = tokens.find(token, clock.wallMillis()) !== 'none';
      if (!known) tokens.remember(token, claims(token, lives), key);
      if (tokens.size > maximumTokens) throw new Error(`${tokens.size} tokens in ${maximumTokens} places`);
      return known;
    };
    const hitsOfTurns = (distinct: number, turns: number): number => {
      let hits = 0;
      for (let turn = 0; turn < turns; turn += 1)
        for (let number = 0; number < distinct; number += 1) if (ask(number)) hits += 1;
      return hits;
    };
    return { clock, tokens, ask, hitsOfTurns };
  }

  test('all that fit are known from their second turn on', () => {
    const { tokens, hitsOfTurns } = memory(1_000);
    expect(hitsOfTurns(1_000, 3)).toBe(2_000);
    expect(tokens.size).toBe(1_000);
  });

  test('of two that end alike only the first is known, and neither is taken for the other', () => {
    const { tokens, clock } = memory(10);
    const claims = (sub: string) => ({
      ...{ issuer: 'i', audience: 'a', sub, sid, tokenId: sub, roles: [] },
      ...{ issuedAtMillis: clock.wallMillis(), expiresAtMillis: clock.wallMillis() + 60_000 },
    });
    const signature = 'A'.repeat(43);
    const [first, second] = [`header.first.${signature}`, `header.other.${signature}`];
    const remembered = tokens.remember(first, claims('first'), key);
    expect(tokens.find(second, clock.wallMillis())).toBe('none');
    expect(tokens.remember(second, claims('second'), key).claims.sub).toBe('second');
    expect(tokens.find(second, clock.wallMillis())).toBe('none');
    expect(tokens.find(first, clock.wallMillis())).toBe(remembered);
    tokens.forget(remembered);
    expect([tokens.find(first, clock.wallMillis()), tokens.size]).toEqual(['none', 0]);
  });

  test('with twice as many in turns, a good part is known, where the last used would know none', () => {
    const { hitsOfTurns } = memory(1_000);
    hitsOfTurns(2_000, 4);
    expect(hitsOfTurns(2_000, 4)).toBeGreaterThan(2_000);
  });

  test('those that come once push nobody out who is in use', () => {
    const { ask, hitsOfTurns } = memory(1_000);
    hitsOfTurns(1_000, 2);
    let once = 1_000;
    let hits = 0;
    for (let turn = 0; turn < 4; turn += 1)
      for (let number = 0; number < 1_000; number += 1) {
        if (ask(number)) hits += 1;
        for (const end = once + 4; once < end; once += 1) ask(once);
      }
    expect(hits).toBe(4_000);
  });

  test('those that come no more make room for others, all of them', () => {
    const { hitsOfTurns, ask } = memory(1_000);
    hitsOfTurns(1_000, 2);
    const hitsOfOthers = () => {
      let hits = 0;
      for (let number = 5_000; number < 5_500; number += 1) if (ask(number)) hits += 1;
      return hits;
    };
    for (let turn = 0; turn < 5; turn += 1) hitsOfOthers();
    expect(hitsOfOthers()).toBeGreaterThan(300);
    for (let turn = 0; turn < 100; turn += 1) hitsOfOthers();
    expect(hitsOfOthers()).toBe(500);
  });

  test('what is remembered is counted, and what had to go for others, which what ended did not', () => {
    const [counts, before] = [countTokenCaches(), rememberedTokens()];
    const { tokens, clock, ask, hitsOfTurns } = memory(10);
    hitsOfTurns(10, 2);
    expect([rememberedTokens() - before, counts()]).toEqual([10, { lookups: 20, hits: 10, evictions: 0 }]);
    for (let turn = 0; turn < 100; turn += 1) for (let number = 20; number < 30; number += 1) ask(number);
    expect([rememberedTokens() - before, counts().evictions]).toEqual([10, 10]);
    clock.advance(60_000 + leewayMillis);
    for (let number = 20; number < 30; number += 1)
      tokens.find(`token.of.${String(number).padStart(12, '0')}A`, clock.wallMillis());
    expect([rememberedTokens() - before, tokens.size, counts().evictions]).toEqual([0, 0, 10]);
  });

  test.each([1, 2, 3])('%i is room enough to be right', (room) => {
    const { tokens, hitsOfTurns } = memory(room);
    hitsOfTurns(5, 20);
    expect(tokens.size).toBe(room);
  });

  test('a token that nobody asks about is forgotten soon after its end, and the process is free to end', () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { clock, tokens, ask } = memory(500);
    for (let number = 0; number < 300; number += 1) ask(number, 60_000);
    for (let number = 300; number < 400; number += 1) ask(number, 600_000);
    clock.advance(60_000 + leewayMillis);
    vi.advanceTimersByTime(forgettingMillis);
    expect(tokens.size).toBe(100);
    clock.advance(600_000);
    vi.advanceTimersByTime(forgettingMillis);
    expect(tokens.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    ask(1);
    expect(vi.getTimerCount()).toBe(1);
  });
});
