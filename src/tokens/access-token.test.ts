/** What an access token carries, when it ends, and that nothing else is taken for one: each algorithm with each library. */

import { describe, expect, test } from 'vitest';
import { ManualClock } from '../kernel/clock.ts';
import { type AlgorithmName, algorithmNames } from '../keys/algorithms.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { testRing } from '../keys/test-ring.contract.ts';
import { createAccessTokens, maximumTokenLength } from './access-token.ts';
import { damaged, forgeriesOf, respelled } from './forged-access-tokens.contract.ts';
import { compactJws, genuineSigner } from './forged-signatures.contract.ts';
import { librariesOf } from './libraries/by-algorithm.ts';
import type { TokenLibrary } from './libraries/library.ts';

const ring = testRing();
const strangers = testRing();
const sid = '0.AAAAAAAAAAAAAAAAAAAAAA';
const leewayMillis = 5_000;
const every = algorithmNames.flatMap((name) => librariesOf[name].map((library) => ({ name, library })));
const labelled = every.map((each) => {
  const { name, variant } = each.library;
  return { ...each, label: `${each.name} with ${[name, variant?.name ?? []].flat().join('+')}` };
});

interface Over {
  readonly issuer?: string;
  readonly audience?: string;
  readonly ring?: KeyRing;
}

async function setUp(name: AlgorithmName, library: TokenLibrary, over: Over = {}) {
  const clock = new ManualClock();
  const keys = (over.ring ?? ring).keysOf(name);
  const { issuer = 'https://issuer.test', audience = `jwt-${name}` } = over;
  const isSessionId = (text: string) => text === sid;
  const tokens = createAccessTokens({
    ...{ keys, library, clock, leewayMillis, issuer, audience, isSessionId },
    prepare: () => null,
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
  return { clock, key: keys.active(), tokens, claims, issuer, audience, token: await tokens.sign(claims) };
}

const parts = (token: string): Readonly<Record<string, unknown>>[] =>
  token.split('.', 2).map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));

describe.each(labelled)('access token $label', ({ name, library }) => {
  const setUpThis = (over: Over = {}) => setUp(name, library, over);

  test('is an at+jwt with every claim RFC 9068 demands', async () => {
    const { key, token } = await setUpThis();
    const iat = Date.UTC(2026, 0, 1) / 1000;
    const [header, payload] = parts(token);
    expect(header).toEqual({ alg: key.algorithm.jws, typ: 'at+jwt', kid: key.kid });
    expect(payload).toEqual({
      iss: 'https://issuer.test',
      aud: `jwt-${name}`,
      sub: 'alice',
      sid,
      jti: 'token-1',
      client_id: 'authlab',
      roles: ['user', 'admin'],
      iat,
      exp: iat + 60,
    });
  });

  test('is refused for what it is where it can be none, before its key is asked for', async () => {
    const { tokens } = await setUpThis();
    expect(await tokens.verify('unknown.header.AAAA')).toEqual({ ok: false, reason: 'key' });
    for (const text of ['un known.header.AAAA', 'unknown.header,.AAAA', '']) {
      expect(await tokens.verify(text)).toEqual({ ok: false, reason: 'signature' });
    }
  });

  test('comes back as it was signed, a thousand times over', async () => {
    const { tokens, token, claims, issuer, audience } = await setUpThis();
    const expected = { ok: true, claims: { ...claims, issuer, audience }, prepared: null };
    for (let use = 0; use < 1_000; use += 1) expect(await tokens.verify(token)).toEqual(expected);
  });

  test('is the same to every other library', async () => {
    const { tokens, token } = await setUpThis();
    for (const other of librariesOf[name]) {
      const { tokens: elsewhere } = await setUp(name, other);
      expect(await elsewhere.verify(token)).toEqual(await tokens.verify(token));
    }
  });

  test('is accepted until its expiry and the leeway have passed, not a millisecond longer', async () => {
    const { tokens, token, clock } = await setUpThis();
    clock.advance(60_000 + leewayMillis - 1);
    expect(await tokens.verify(token)).toMatchObject({ ok: true });
    clock.advance(1);
    expect(await tokens.verify(token)).toEqual({ ok: false, reason: 'expired' });
  });

  test('never outlives the moment it was signed for, where that is no whole second', async () => {
    const { tokens, claims } = await setUpThis();
    const token = await tokens.sign({ ...claims, expiresAtMillis: claims.issuedAtMillis + 1_999 });
    const expiresAtMillis = claims.issuedAtMillis + 1_000;
    expect(await tokens.verify(token)).toMatchObject({ ok: true, claims: { expiresAtMillis } });
  });

  test('is accepted early by no more than the leeway', async () => {
    const { tokens, token, key, clock } = await setUpThis();
    const [header, payload] = parts(token);
    const latest = clock.wallMillis() / 1000 + leewayMillis / 1000;
    const startingAt = (nbf: number) => compactJws(header, { ...payload, nbf }, genuineSigner(key));
    expect(await tokens.verify(startingAt(latest))).toMatchObject({ ok: true });
    expect(await tokens.verify(startingAt(latest + 1))).toEqual({ ok: false, reason: 'signature' });
  });

  test('belongs to one issuer, one audience and one key', async () => {
    const { tokens } = await setUpThis();
    const foreign = async (over: Over) => tokens.verify((await setUpThis(over)).token);
    expect(await foreign({ issuer: 'https://other.test' })).toEqual({ ok: false, reason: 'claims' });
    expect(await foreign({ audience: 'hybrid' })).toEqual({ ok: false, reason: 'claims' });
    expect(await foreign({ ring: strangers })).toEqual({ ok: false, reason: 'key' });
  });

  test('what the forgeries are made with is accepted when nothing is forged', async () => {
    const { tokens, token, key } = await setUpThis();
    const [header, payload] = parts(token);
    expect(await tokens.verify(compactJws(header, payload, genuineSigner(key)))).toMatchObject({ ok: true });
  });

  test('no forgery is accepted, and nothing but the token is at fault', async () => {
    const { tokens, token, key, clock } = await setUpThis();
    const forgeries = [...damaged(token, 1), ...forgeriesOf(token, key, clock.wallMillis())];
    const accepted: string[] = [];
    for (const forgery of forgeries) if ((await tokens.verify(forgery.token)).ok) accepted.push(forgery.name);
    expect(accepted).toEqual([]);
    expect(forgeries.length).toBeGreaterThan(600);
  });

  test('of a member written twice the last counts, as for everybody else', async () => {
    const { tokens, token, key } = await setUpThis();
    const [header, payload] = parts(token);
    const twice = `{"sub":"mallory",${JSON.stringify(payload).slice(1)}`;
    const verified = await tokens.verify(compactJws(header, twice, genuineSigner(key)));
    expect(verified).toMatchObject({ ok: true, claims: { sub: 'alice' } });
  });

  test('is never signed longer than it could be verified', async () => {
    const { tokens, claims } = await setUpThis();
    const roles = Array.from({ length: 800 }, (_, index) => `role-${index}`);
    await expect(async () => tokens.sign({ ...claims, roles })).rejects.toThrow('too many roles');
    const long = await tokens.sign({ ...claims, roles: roles.slice(0, 400) });
    expect(long.length).toBeGreaterThan(maximumTokenLength / 2);
    expect(await tokens.verify(long)).toMatchObject({ ok: true });
  });

  test('a text of any length is judged at once', async () => {
    const { tokens } = await setUpThis();
    const started = performance.now();
    for (const text of ['.'.repeat(100_000), 'a.'.repeat(500_000), `${'A'.repeat(1_000_000)}.A.A`]) {
      expect(tokens.verify(text)).toEqual({ ok: false, reason: 'size' });
    }
    expect(performance.now() - started).toBeLessThan(500);
  });

  test('a key signs when it is active and is accepted until it is retired', async () => {
    const [old, next] = [ring.keysOf(name).active(), strangers.keysOf(name).active()];
    const changing = testRing([]);
    changing.add(old);
    changing.activate(name, old.kid);
    const { tokens, claims, token } = await setUpThis({ ring: changing });
    changing.add(next);
    expect(await tokens.verify(token)).toMatchObject({ ok: true });
    changing.activate(name, next.kid);
    const signedNext = await tokens.sign(claims);
    expect(parts(signedNext)[0]).toMatchObject({ kid: next.kid });
    expect(await tokens.verify(signedNext)).toMatchObject({ ok: true });
    expect(await tokens.verify(token)).toMatchObject({ ok: true });
    const [header, payload] = parts(token);
    const mislabelled = compactJws({ ...header, kid: next.kid }, payload, genuineSigner(old));
    expect(await tokens.verify(mislabelled)).toEqual({ ok: false, reason: 'signature' });
    changing.retire(name, old.kid);
    expect(tokens.verify(token)).toEqual({ ok: false, reason: 'key' });
    expect(await tokens.verify(signedNext)).toMatchObject({ ok: true });
  });
});

test.each(['hs256', 'ps256', 'es256'] as const)('a signature of %s has one spelling', async (name) => {
  const { tokens, token } = await setUp(name, librariesOf[name][0]);
  const at = token.lastIndexOf('.') + 1;
  const twin = token.slice(0, at) + respelled(token.slice(at));
  expect(twin).not.toBe(token);
  expect(await tokens.verify(twin)).toEqual({ ok: false, reason: 'signature' });
});

test('(r, n - s) is as valid as (r, s), which is why nothing is keyed by a token', async () => {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const { tokens, token } = await setUp('es256', librariesOf.es256[0]);
  const at = token.lastIndexOf('.') + 1;
  const signature = Buffer.from(token.slice(at), 'base64url');
  const negated = (order - BigInt(`0x${signature.toString('hex', 32)}`)).toString(16).padStart(64, '0');
  const twin = signature.subarray(0, 32).toString('hex') + negated;
  const verified = await tokens.verify(token.slice(0, at) + Buffer.from(twin, 'hex').toString('base64url'));
  expect(verified).toEqual(await tokens.verify(token));
  expect(verified.ok).toBe(true);
});

test('answers at once where the library does', async () => {
  for (const { name, library } of every) {
    const { tokens, token } = await setUp(name, library);
    expect(tokens.verify(token) instanceof Promise).toBe(library.name === 'jose');
  }
});
