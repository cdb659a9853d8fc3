/** A jar that sends what a browser would. */

import { describe, expect, it } from 'vitest';
import { CookieJar, cookieBytes } from './cookie-jar.ts';

const now = Date.UTC(2026, 0, 1);

function jarWith(...lines: readonly string[]): CookieJar {
  const jar = new CookieJar();
  for (const line of lines) jar.store(line, '/jwt/auth/login', now);
  return jar;
}

describe('a cookie jar', () => {
  it('sends a cookie under its path only, whole path segments at a time', () => {
    const jar = jarWith('__Secure-refresh=abc; Path=/jwt/auth; HttpOnly; Secure; SameSite=Strict');
    expect(jar.header('/jwt/auth', now)).toBe('__Secure-refresh=abc');
    expect(jar.header('/jwt/auth/refresh?x=1', now)).toBe('__Secure-refresh=abc');
    expect(jar.header('/jwt/authority', now)).toBeNull();
    expect(jar.header('/jwt/profile', now)).toBeNull();
  });

  it('takes the folder of the request where no path is given, or no absolute one', () => {
    expect(jarWith('a=1').header('/jwt/auth/refresh', now)).toBe('a=1');
    expect(jarWith('a=1').header('/jwt/profile', now)).toBeNull();
    expect(jarWith('a=1; path=auth').header('/jwt/auth/x', now)).toBe('a=1');
  });

  it('sends longer paths first, then in the order of creation', () => {
    const jar = jarWith('b=1; path=/', 'a=2; path=/', 'c=3; path=/jwt');
    expect(jar.header('/jwt/profile', now)).toBe('c=3; b=1; a=2');
  });

  it('replaces a cookie of the same name and path, and keeps another path apart', () => {
    const jar = jarWith('a=1; path=/', 'a=2; path=/jwt', 'a=3; path=/');
    expect(jar.header('/jwt/x', now)).toBe('a=2; a=3');
  });

  it('forgets what expires, Max-Age before Expires', () => {
    const past = 'Thu, 01 Jan 1970 00:00:00 GMT';
    const jar = jarWith('a=1; path=/; max-age=10', `b=1; path=/; expires=${past}; Max-Age=10`, 'c=1; path=/');
    expect(jar.header('/', now + 9_999)).toBe('a=1; b=1; c=1');
    expect(jar.header('/', now + 10_000)).toBe('c=1');
    jar.store(`c=; path=/; expires=${past}`, '/', now);
    expect(jar.header('/', now)).toBe('a=1; b=1');
    jar.store('a=; path=/; max-age=0', '/', now);
    expect(jar.header('/', now)).toBe('b=1');
  });

  it('keeps a value with an equals sign whole and ignores what is no cookie', () => {
    const jar = jarWith('a=b==; path=/', 'nonsense', '=nameless; path=/', 'd=1; path=/; max-age=soon; expires=never');
    expect(jar.header('/', now)).toBe('a=b==; d=1');
  });
});

describe('cookieBytes', () => {
  it('counts name and value, not the equals sign or attributes', () => {
    expect(cookieBytes('__Host-sid=abcde; Path=/; Secure')).toBe(15);
    expect(cookieBytes('nonsense')).toBe(0);
  });
});
