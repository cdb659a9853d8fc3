/** What counts as a bearer credential in the Authorization header. */

import { describe, expect, test } from 'vitest';
import { bearerToken } from './bearer.ts';

describe('bearer token', () => {
  test.each([
    ['Bearer abc', 'abc'],
    ['bearer abc', 'abc'],
    ['BEARER   abc', 'abc'],
    ['Bearer a-._~+/9==', 'a-._~+/9=='],
  ])('%j carries %j', (header, token) => {
    expect(bearerToken(header)).toBe(token);
  });

  test.each([undefined, '', 'Basic abc', 'Bearerabc', 'Bearer-Token abc', ' Bearer abc'])(
    '%j carries no bearer credential',
    (header) => {
      expect(bearerToken(header)).toBeUndefined();
    },
  );

  test.each([
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer a, Bearer b',
    'Bearer a,b',
    'Bearer =a',
    'Bearer "a"',
    'Bearer a\tb',
    'Bearer ä',
  ])('%j carries a malformed one', (header) => {
    expect(bearerToken(header)).toBe('');
  });

  test('a long header costs no more than its length', () => {
    const started = performance.now();
    expect(bearerToken(`Bearer ${'a='.repeat(500_000)}`)).toBe('');
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
