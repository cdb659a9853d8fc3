/** Guesses at mistyped names. */

import { describe, expect, it } from 'vitest';
import { nearest } from './nearest.ts';

describe('nearest', () => {
  const names = ['connections', 'rounds', 'jwt-rs256', 'jwt-hs256', 'none'];

  it.each([
    ['conections', 'connections'],
    ['cnonections', 'connections'],
    ['Rounds', 'rounds'],
    ['jwt-rs265', 'jwt-rs256'],
    ['jwt-hs25', 'jwt-hs256'],
    ['nane', 'none'],
  ])('takes %s for %s', (word, expected) => {
    expect(nearest(word, names)).toBe(expected);
  });

  it.each(['', 'x', 'completely-other', 'nope-nope-nope'])('makes no guess at %j', (word) => {
    expect(nearest(word, names)).toBeNull();
  });

  it('prefers the earlier of two equally near names', () => {
    expect(nearest('jwt-xs256', names)).toBe('jwt-rs256');
  });
});
