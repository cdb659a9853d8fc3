/** What an access token carries, when it ends, and that nothing else is taken for one. */

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../kernel/clock.ts';
import { algorithmNames } from '../keys/algorithms.ts';
import { KeyRing } from '../keys/key-ring.ts';
import { createAccessTokens, maximumTokenLength } from './access-token.ts';
import { compactJws, damaged, forgeriesOf, genuineSigner } from './forged-access-tokens.contract.ts';

const rs256PrivateKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ring = new KeyRing({ secret: randomBytes(32), rs256PrivateKey });
const sid = '0.AAAAAAAAAAAAAAAAAAAAAA';
const leewayMillis = 5_000;

function setUp(name: 'hs256' | 'rs256', over: { issuer?: string; audience?: string; ring?: KeyRing } = {}) {
  const clock = new ManualClock();
  const key = (over.ring ?? ring).key(name);
  const tokens = createAccessTokens({
    key,
    clock,
    leewayMillis,
    issuer: over.issuer ?? 'https://issuer.test',
    audience: over.audience ?? `jwt-${name}`,
    isSessionId: (text) => text === sid,
  });
  const issuedAtMillis = clock.wallMillis();
  const claims = {
    sub: 'alice',
    sid,
    tokenId: 'token-1',
    roles: ['user', 'admin'],
    issuedAtMillis,
    expiresAtMillis: issuedAtMillis + 60_000,
  };
  return { clock, key, tokens, claims, token: tokens.sign(claims) };
}

const parts = (token: string): unknown[] =>
  token.split('.', 2).map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));

describe.each(algorithmNames)('access token %s', (name) => {
  test('is an at+jwt with every claim RFC 9068 demands', () => {
    const { key, token } = setUp(name);
    const iat = Date.UTC(2026, 0, 1) / 1000;
    expect(parts(token)).toEqual([
      { alg: key.algorithm.jws, typ: 'at+jwt', kid: key.kid },
      {
        iss: 'https://issuer.test',
        aud: `jwt-${name}`,
        sub: 'alice',
        sid,
        jti: 'token-1',
        client_id: 'authlab',
        roles: ['user', 'admin'],
        iat,
        exp: iat + 60,
      },
    ]);
  });

  test('comes back as it was signed, a thousand times over', () => {
    const { tokens, token, claims } = setUp(name);
    const expected = { ok: true, claims: { ...claims, issuer: 'https://issuer.test', audience: `jwt-${name}` } };
    for (let use = 0; use < 1_000; use += 1) expect(tokens.verify(token)).toEqual(expected);
  });

  test('is accepted until its expiry and the leeway have passed, not a millisecond longer', () => {
    const { tokens, token, clock } = setUp(name);
    clock.advance(60_000 + leewayMillis - 1);
    expect(tokens.verify(token).ok).toBe(true);
    clock.advance(1);
    expect(tokens.verify(token)).toEqual({ ok: false, reason: 'expired' });
  });

  test('never outlives the moment it was signed for, where that is no whole second', () => {
    const { tokens, claims } = setUp(name);
    const token = tokens.sign({ ...claims, expiresAtMillis: claims.issuedAtMillis + 1_999 });
    const verified = tokens.verify(token);
    expect(verified.ok && verified.claims.expiresAtMillis).toBe(claims.issuedAtMillis + 1_000);
  });

  test('is accepted early by no more than the leeway', () => {
    const { tokens, token, key, clock } = setUp(name);
    const [header, payload] = parts(token) as [object, object];
    const nowSeconds = clock.wallMillis() / 1000;
    const startingAt = (nbf: number) => compactJws(header, { ...payload, nbf }, genuineSigner(key));
    expect(tokens.verify(startingAt(nowSeconds + leewayMillis / 1000)).ok).toBe(true);
    expect(tokens.verify(startingAt(nowSeconds + leewayMillis / 1000 + 1)).ok).toBe(false);
  });

  test('belongs to one issuer, one audience and one key', () => {
    const { tokens } = setUp(name);
    expect(tokens.verify(setUp(name, { issuer: 'https://other.test' }).token)).toEqual({ ok: false, reason: 'claims' });
    expect(tokens.verify(setUp(name, { audience: 'hybrid' }).token)).toEqual({ ok: false, reason: 'claims' });
    const other = new KeyRing({
      secret: randomBytes(32),
      rs256PrivateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
    });
    expect(tokens.verify(setUp(name, { ring: other }).token)).toEqual({ ok: false, reason: 'signature' });
  });

  test('what the forgeries are made with is accepted when nothing is forged', () => {
    const { tokens, token, key } = setUp(name);
    const [header, payload] = parts(token);
    expect(tokens.verify(compactJws(header, payload, genuineSigner(key))).ok).toBe(true);
  });

  test('no forgery is accepted', () => {
    const { tokens, token, key, clock } = setUp(name);
    const forgeries = [...damaged(token, 1), ...forgeriesOf(token, key, clock.wallMillis())];
    const accepted = forgeries.filter((forgery) => forgery.token !== token && tokens.verify(forgery.token).ok);
    expect(accepted.map((forgery) => forgery.name)).toEqual([]);
    expect(forgeries.length).toBeGreaterThan(400);
  });

  test('is never signed longer than it could be verified', () => {
    const { tokens, claims } = setUp(name);
    const roles = Array.from({ length: 800 }, (_, index) => `role-${index}`);
    expect(() => tokens.sign({ ...claims, roles })).toThrow('too many roles');
    const long = tokens.sign({ ...claims, roles: roles.slice(0, 400) });
    expect(long.length).toBeGreaterThan(maximumTokenLength / 2);
    expect(tokens.verify(long).ok).toBe(true);
  });

  test('a text of any length is judged quickly', () => {
    const { tokens } = setUp(name);
    const started = performance.now();
    for (const text of ['.'.repeat(100_000), 'a.'.repeat(500_000), `${'A'.repeat(1_000_000)}.A.A`]) {
      expect(tokens.verify(text)).toEqual({ ok: false, reason: 'size' });
    }
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

test('one signature has one spelling', () => {
  const { tokens, token } = setUp('rs256');
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const next = alphabet[alphabet.indexOf(token.at(-1) ?? '') + 1] ?? '';
  const respelled = token.slice(0, -1) + next;
  const bytes = (text: string) => Buffer.from(text.split('.')[2] ?? '', 'base64url');
  expect(bytes(respelled)).toEqual(bytes(token));
  expect(tokens.verify(respelled).ok).toBe(false);
});
