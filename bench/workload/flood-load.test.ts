import { expect, it } from 'vitest';
import { seededFraction } from '../../src/kernel/random.ts';
import { spoilt } from './flood-load.ts';

it('makes up a credential each time, and leaves the grammar of the header alone', () => {
  const random = seededFraction(1);
  const token = 'a'.repeat(40);
  const headers = { authorization: `Bearer ${token}`, cookie: `__Host-a=${token}; __Host-a.sig=${token}` };
  const made = Array.from({ length: 100 }, () => spoilt(headers, random));
  expect(new Set(made.map(({ authorization }) => authorization)).size).toBe(100);
  for (const { authorization, cookie } of made) {
    expect(authorization).toMatch(/^Bearer [\w-]{40}$/);
    expect(cookie).toMatch(/^__Host-a=[\w-]{40}; __Host-a\.sig=[\w-]{40}$/);
  }
});
