/** Changed credentials stay credentials in form. */

import { describe, expect, it } from 'vitest';
import { tamperedWith } from './tamper.ts';

describe('tamperedWith', () => {
  it('changes one character of a token and keeps its scheme', () => {
    const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.AAAAAAAAAAAAAAAA';
    const copies = tamperedWith({ authorization: `Bearer ${token}` }).map(({ authorization = '' }) => authorization);
    expect(new Set(copies).size).toBe(3);
    for (const copy of copies) {
      expect(copy).toMatch(/^Bearer [A-Za-z0-9_.-]+$/);
      const different = [...copy.slice(7)].filter((character, index) => character !== token[index]);
      expect(different).toHaveLength(1);
      expect(copy.at(-1)).toBe(token.at(-1));
    }
  });

  it('changes every cookie and keeps the names', () => {
    for (const { cookie = '' } of tamperedWith({ cookie: '__Host-sid=abcdefghij; __Host-sid.sig=klmnopqrst' })) {
      expect(cookie).toMatch(/^__Host-sid=[A-Ba-j]{10}; __Host-sid\.sig=[A-Bk-t]{10}$/);
      expect(cookie).not.toContain('abcdefghij');
      expect(cookie).not.toContain('klmnopqrst');
    }
  });

  it('finds nothing to change in no credential', () => {
    expect(tamperedWith({})).toEqual([{}, {}, {}]);
  });
});
