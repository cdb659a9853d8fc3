/** A jar that keeps and sends what a browser would (RFC 6265bis 5.6 to 5.8). */

import { describe, expect, test } from 'vitest';
import { CookieJar } from './cookie-jar.ts';

const now = Date.UTC(2026, 0, 1);
const past = 'Thu, 01 Jan 1970 00:00:00 GMT';
const origin = 'https://api.test';

function jarWith(lines: readonly string[], from = `${origin}/jwt/auth/login`): CookieJar {
  const jar = new CookieJar();
  for (const line of lines) jar.store(line, new URL(from), now);
  return jar;
}

function sent(jar: CookieJar, path: string, atMillis = now): string | null {
  return jar.header(new URL(path, origin), atMillis);
}

describe('paths', () => {
  test('match whole segments, and never the query', () => {
    const jar = jarWith(['__Secure-refresh=abc; Path=/jwt/auth; HttpOnly; Secure; SameSite=Strict']);
    expect(sent(jar, '/jwt/auth')).toBe('__Secure-refresh=abc');
    expect(sent(jar, '/jwt/auth/refresh?x=1')).toBe('__Secure-refresh=abc');
    for (const path of ['/jwt/authority', '/jwt/profile', '/?/jwt/auth', '/']) expect(sent(jar, path)).toBeNull();
    expect(sent(jarWith(['a=1; path=/jwt/']), '/jwt/x')).toBe('a=1');
    expect(sent(jarWith(['a=1; path=/jwt/']), '/jwt')).toBeNull();
  });

  test('are the folder of the request where none is given, or no absolute one', () => {
    for (const line of ['a=1', 'a=1; path=', 'a=1; path=auth']) {
      expect(sent(jarWith([line]), '/jwt/auth/refresh')).toBe('a=1');
      expect(sent(jarWith([line]), '/jwt/profile')).toBeNull();
    }
    expect(sent(jarWith(['a=1'], `${origin}/login`), '/anything')).toBe('a=1');
  });

  test('that are longer come first, then cookies that are older', () => {
    const jar = jarWith(['b=1; path=/', 'a=2; path=/', 'c=3; path=/jwt', 'b=4; path=/']);
    expect(sent(jar, '/jwt/profile')).toBe('c=3; b=4; a=2');
  });

  test('keep cookies of one name apart', () => {
    expect(sent(jarWith(['a=1; path=/', 'a=2; path=/jwt']), '/jwt/x')).toBe('a=2; a=1');
  });
});

describe('expiry', () => {
  test('is by Max-Age before Expires, of two the later, and of nonsense none', () => {
    const jar = jarWith([
      'a=1; path=/; max-age=10',
      `b=1; path=/; Max-Age=10; expires=${past}`,
      'c=1; path=/; max-age=soon; expires=never',
      'd=1; path=/; max-age=99; max-age=10; max-age=1e9',
      `e=1; path=/; Expires=${new Date(now + 10_000).toUTCString()}`,
    ]);
    expect(sent(jar, '/', now + 9_999)).toBe('a=1; b=1; c=1; d=1; e=1');
    expect(sent(jar, '/', now + 10_000)).toBe('c=1');
  });

  test('in the past removes what there is', () => {
    const jar = jarWith(['a=1; path=/', 'b=1; path=/', 'c=1; path=/']);
    jar.store(`a=; path=/; expires=${past}`, new URL(origin), now);
    jar.store('b=; path=/; max-age=-1', new URL(origin), now);
    jar.store('c=; path=/other; max-age=0', new URL(origin), now);
    expect(sent(jar, '/')).toBe('c=1');
  });

  test('comes after 400 days at the latest, and never for a cookie without one', () => {
    const jar = jarWith([
      'a=1; path=/; max-age=99999999999',
      'b=1; path=/; expires=Fri, 31 Dec 2100 23:59:59 GMT',
      'c=1; path=/',
    ]);
    const days = 400 * 86_400_000;
    expect(sent(jar, '/', now + days - 1)).toBe('a=1; b=1; c=1');
    expect(sent(jar, '/', now + days)).toBe('c=1');
  });
});

describe('what is kept', () => {
  test.each([
    ['https://api.test/', true],
    ['http://localhost:8080/', true],
    ['http://api.localhost/', true],
    ['http://127.0.0.1:1/', true],
    ['http://[::1]:1/', true],
    ['http://api.test/', false],
    ['http://localhost.test/', false],
    ['http://127.0.0.1.test/', false],
  ])('a Secure cookie from %s: %s', (from, kept) => {
    expect(jarWith(['__Host-a=1; Path=/; Secure'], from).header(new URL(from), now)).toBe(kept ? '__Host-a=1' : null);
  });

  test('of a name with a promise, only who keeps it', () => {
    const kept = ['__Secure-a=1; path=/; secure', '__Host-b=1; Secure; Path=/'];
    const broken = [
      '__Secure-c=1; path=/',
      '__secure-d=1; path=/',
      '__Host-e=1; path=/',
      '__Host-f=1; path=/jwt; secure',
      '__Host-g=1; secure',
      '__HOST-h=1; path=/; secure; domain=api.test',
    ];
    expect(sent(jarWith([...broken, ...kept]), '/jwt/auth/x')).toBe('__Secure-a=1; __Host-b=1');
  });

  test('of a domain, only what this host belongs to', () => {
    const lines = [
      'a=1; domain=api.test',
      'b=1; domain=.TEST',
      'c=1; domain=',
      'd=1; domain=evil.test',
      'e=1; domain=pi.test',
    ];
    expect(sent(jarWith(lines.map((line) => `${line}; path=/`)), '/')).toBe('a=1; b=1; c=1');
    expect(
      jarWith(['a=1; path=/; domain=0.0.1'], 'http://127.0.0.1/').header(new URL('http://127.0.0.1/'), now),
    ).toBeNull();
  });

  test('up to 4096 bytes of name and value, and attributes of up to 1024', () => {
    expect(sent(jarWith([`n=${'v'.repeat(4_095)}; path=/`]), '/')).toHaveLength(4_097);
    expect(sent(jarWith([`n=${'v'.repeat(4_096)}; path=/`, `n=${'é'.repeat(2_048)}; path=/`]), '/')).toBeNull();
    expect(sent(jarWith([`n=1; path=/${'x'.repeat(1_024)}`]), '/jwt/auth/x')).toBe('n=1');
  });

  test('a value with an equals sign as a whole, and nothing of what is no cookie', () => {
    expect(sent(jarWith(['a=b==; path=/', 'nonsense', '=nameless; path=/', '']), '/')).toBe('a=b==');
  });
});
