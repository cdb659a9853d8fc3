/** How often a Cookie header carries a cookie: exactly the occurrences that a server would read. */

import { expect, test } from 'vitest';
import { countCookie } from './cookie-names.ts';

test.each([
  [undefined, 0],
  ['', 0],
  ['a=1', 1],
  ['a=', 1],
  ['b=2; a=1', 1],
  ['b=2;a=1', 1],
  ['a=1; a=2', 2],
  ['a=1;   a=1', 2],
  [' a=1', 1],
  ['aa=1; ba=1; b-a=1', 0],
  ['b=a=1', 0],
  ['a', 0],
  ['a.sig=1', 0],
  ['a =1', 0],
  ['A=1', 0],
  ['b=" a=1"', 0],
])('%j carries the cookie a %i times', (header, count) => {
  expect(countCookie(header, 'a')).toBe(count);
});
