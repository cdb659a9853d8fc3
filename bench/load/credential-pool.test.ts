/** Credentials as requests, and how connections share them. */

import { describe, expect, it } from 'vitest';
import { CredentialPool } from './credential-pool.ts';

const baseUrl = 'http://127.0.0.1:8080';

function poolOf(count: number): CredentialPool {
  return new CredentialPool(Array.from({ length: count }, (_, index) => ({ authorization: `Bearer t${index}` })));
}

function tokensOf(share: readonly Buffer[]): string[] {
  return share.map((request) => /Bearer (\w+)/.exec(request.toString())?.[1] ?? 'none');
}

describe('a credential pool', () => {
  it('writes each request out once, as HTTP/1.1', () => {
    const pool = new CredentialPool([{ cookie: 'sid=a; other=b', authorization: 'Bearer x' }, {}]);
    const [request, bare] = pool.requestsTo(baseUrl, '/jwt/profile');
    expect(request?.toString()).toBe(
      'GET /jwt/profile HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nConnection: keep-alive\r\n' +
        'cookie: sid=a; other=b\r\nauthorization: Bearer x\r\n\r\n',
    );
    expect(bare?.toString()).toBe(
      'GET /jwt/profile HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nConnection: keep-alive\r\n\r\n',
    );
    expect(pool.requestsTo(baseUrl, '/jwt/profile')[0]).toBe(request);
    expect(pool.requestsTo(baseUrl, '/none/profile')[0]?.toString()).toContain('GET /none/profile ');
  });

  it('lets every credential come before any comes again, whichever connection asks', () => {
    const pool = poolOf(5);
    const [one, other] = [pool.rotation(baseUrl, '/'), pool.rotation(baseUrl, '/')];
    const sent = [one(), other(), other(), other(), one(), one(), other()];
    expect(tokensOf(sent)).toEqual(['t0', 't1', 't2', 't3', 't4', 't0', 't1']);
  });

  it('goes on behind the credentials that were used, for each target by itself', () => {
    const pool = poolOf(3);
    const earlier = pool.rotation(baseUrl, '/');
    expect(tokensOf([earlier(), earlier()])).toEqual(['t0', 't1']);
    expect(tokensOf([pool.rotation(baseUrl, '/')(), pool.rotation(baseUrl, '/other')()])).toEqual(['t2', 't0']);
  });

  it.each([
    ['a line end in a value', { cookie: 'a\r\nX-Forged: 1' }],
    ['a blank in a name', { 'a b': 'c' }],
    ['a letter beyond ASCII', { cookie: 'ä' }],
  ])('refuses %s without repeating it', (_what, headers) => {
    expect(() => new CredentialPool([headers])).toThrow('a credential cannot be sent as a header');
  });

  it('refuses to be empty', () => {
    expect(() => new CredentialPool([])).toThrow('at least one credential');
  });
});
