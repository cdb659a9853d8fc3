/** What an access token still has to stand that has been verified before: each algorithm with each library, behind a cache. */

import { randomBytes } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { ManualClock } from '../kernel/clock.ts';
import { countTokenLookups } from '../kernel/token-lookups.ts';
import { type AlgorithmName, algorithmNames } from '../keys/algorithms.ts';
import { KeyRing, type SignatureKey } from '../keys/key-ring.ts';
import { testKey } from '../keys/test-ring.contract.ts';
import { createAccessTokens, type VerifiedAccessToken } from './access-token.ts';
import { compactJws, genuineSigner } from './forged-signatures.contract.ts';
import { librariesOf } from './libraries/by-algorithm.ts';
import { withCache } from './libraries/cached.ts';
import type { TokenLibrary, Verifier } from './libraries/library.ts';

const leewayMillis = 5_000;
const sid = '0.AAAAAAAAAAAAAAAAAAAAAA';

/** Made once for all tests: RSA takes its time. */
const keyPairs = new Map(algorithmNames.map((name) => [name, { first: testKey(name), successor: testKey(name) }]));

function keysOf(name: AlgorithmName): { readonly first: SignatureKey; readonly successor: SignatureKey } {
  const keys = keyPairs.get(name);
  if (keys === undefined) throw new Error(`no keys of ${name}`);
  return keys;
}

/** A library that tells which tokens it was asked about, and may be made to wait. */
function observed(library: TokenLibrary) {
  const asked: string[] = [];
  const waiting: Promise<unknown>[] = [];
  const verifierOf: TokenLibrary['verifierOf'] = (key, times) => {
    const verify: Verifier = library.verifierOf(key, times);
    return (token) => {
      asked.push(token);
      const until = waiting.shift();
      return until === undefined ? verify(token) : until.then(() => verify(token));
    };
  };
  return { asked, waiting, library: { ...library, verifierOf } };
}

function setUp(name: AlgorithmName, plain: TokenLibrary, room = 100) {
  const clock = new ManualClock();
  const { first } = keysOf(name);
  const ring = new KeyRing({ secret: randomBytes(32) });
  ring.add(first);
  ring.activate(name, first.kid);
  const keys = ring.keysOf(name);
  const { asked, waiting, library } = observed(plain);
  const prepared: string[] = [];
  const tokens = createAccessTokens({
    keys,
    library: withCache(library, room),
    clock,
    leewayMillis,
    issuer: 'https://issuer.test',
    audience: 'tests',
    isSessionId: (text) => text === sid,
    prepare: ({ sub }) => {
      prepared.push(sub);
      return { sub };
    },
  });
  const claimsOf = (sub: string) => {
    const issuedAtMillis = clock.wallMillis();
    const expiresAtMillis = issuedAtMillis + 60_000;
    return { sub, sid, tokenId: `of-${sub}`, roles: ['user'], issuedAtMillis, expiresAtMillis };
  };
  const sign = async (sub = 'alice') => tokens.sign(claimsOf(sub));
  return { clock, ring, keys, tokens, asked, waiting, sign, prepared };
}

const plainLibraries = algorithmNames.flatMap((name) =>
  librariesOf[name]
    .filter(({ variant }) => variant === undefined)
    .map((library) => ({ name, library, label: `${library.name} with ${name}` })),
);

describe.each(plainLibraries)('$label, behind a cache', ({ name, library }) => {
  test('is asked once about a token, and what it found cannot be changed', async () => {
    const { tokens, asked, sign } = setUp(name, library);
    const token = await sign();
    const counts = countTokenLookups();
    const first = await tokens.verify(token);
    const again = tokens.verify(token);
    expect(again).toBe(first);
    expect(counts()).toEqual({ lookups: 2, hits: 1 });
    expect(asked).toEqual([token]);
    if (!first.ok) throw new Error(first.reason);
    expect(() => Object.assign(first.claims, { sub: 'bob' })).toThrow(TypeError);
    expect(() => (first.claims.roles as string[]).push('admin')).toThrow(TypeError);
  });

  test('what is needed of its claims is worked out once, and judging it reads the clock once', async () => {
    const { clock, tokens, sign, prepared } = setUp(name, library);
    const token = await sign();
    const told = (verified: VerifiedAccessToken, wallMillis: number) => [verified, wallMillis] as const;
    const [first, firstMillis] = await tokens.judge(token, told);
    expect(firstMillis).toBe(clock.wallMillis());
    clock.advance(1_000);
    const readings = vi.spyOn(clock, 'wallMillis');
    const again = tokens.judge(token, told);
    expect(readings).toHaveBeenCalledTimes(1);
    expect(again).toEqual([first, clock.wallMillis()]);
    expect(first).toMatchObject({ ok: true, prepared: { sub: 'alice' } });
    expect(prepared).toEqual(['alice']);
  });

  test('what is concluded of a token that is verified afresh goes by a clock that is read after that', async () => {
    const { clock, tokens, sign, waiting } = setUp(name, library);
    const token = await sign();
    const verified = Promise.resolve().then(() => clock.advance(500));
    waiting.push(verified);
    const before = clock.wallMillis();
    expect(await tokens.judge(token, (_, wallMillis) => wallMillis - before)).toBe(500);
  });

  test('a token that was accepted is refused from its end on, and forgotten', async () => {
    const { clock, tokens, sign } = setUp(name, library);
    const token = await sign();
    await tokens.verify(token);
    clock.advance(60_000 + leewayMillis - 1);
    expect(await tokens.verify(token)).toMatchObject({ ok: true });
    clock.advance(1);
    expect(await tokens.verify(token)).toEqual({ ok: false, reason: 'expired' });
    expect(await tokens.verify(token)).toEqual({ ok: false, reason: 'expired' });
  });

  test('a clock that was set back makes a remembered token too early', async () => {
    const { clock, keys, tokens } = setUp(name, library);
    const nowSeconds = clock.wallMillis() / 1000;
    const claims = { iss: 'https://issuer.test', aud: 'tests', sub: 'alice', sid, jti: 'x', client_id: 'authlab' };
    const times = { iat: nowSeconds, nbf: nowSeconds, exp: nowSeconds + 60 };
    const key = keys.active();
    const header = { alg: key.algorithm.jws, typ: 'at+jwt', kid: key.kid };
    const token = compactJws(header, { ...claims, roles: [], ...times }, genuineSigner(key));
    expect(await tokens.verify(token)).toMatchObject({ ok: true });
    clock.jumpWall(-leewayMillis - 1);
    expect(await tokens.verify(token)).toEqual({ ok: false, reason: 'signature' });
    clock.jumpWall(1);
    expect(await tokens.verify(token)).toMatchObject({ ok: true });
  });

  test('a retired key takes its tokens along, and leaves those of others', async () => {
    const { ring, keys, tokens, asked, sign } = setUp(name, library);
    const [old, oldKey] = [await sign(), keys.active()];
    const { successor } = keysOf(name);
    ring.add(successor);
    ring.activate(name, successor.kid);
    const young = await sign();
    for (const token of [old, young, old, young]) expect(await tokens.verify(token)).toMatchObject({ ok: true });
    ring.retire(name, oldKey.kid);
    expect(await tokens.verify(old)).toEqual({ ok: false, reason: 'key' });
    expect(await tokens.verify(young)).toMatchObject({ ok: true });
    expect(asked).toEqual([old, young]);
    // Back again, it is a key like any other: nothing was kept for it.
    ring.add(oldKey);
    expect(await tokens.verify(old)).toMatchObject({ ok: true });
    expect(asked).toEqual([old, young, old]);
  });

  test('a retired key takes its tokens along, though who signs has noticed first', async () => {
    const { ring, keys, tokens, sign } = setUp(name, library);
    const [old, oldKey] = [await sign(), keys.active()];
    expect(await tokens.verify(old)).toMatchObject({ ok: true });
    const { successor } = keysOf(name);
    ring.add(successor);
    ring.activate(name, successor.kid);
    ring.retire(name, oldKey.kid);
    await sign();
    expect(await tokens.verify(old)).toEqual({ ok: false, reason: 'key' });
  });

  test('a key that is retired while its token is being verified leaves nothing behind', async () => {
    const { ring, keys, tokens, asked, waiting, sign } = setUp(name, library);
    const [token, key] = [await sign(), keys.active()];
    let goOn = () => {};
    waiting.push(new Promise<void>((resolve) => (goOn = resolve)));
    const verifying = tokens.verify(token);
    ring.retire(name, key.kid);
    expect(await tokens.verify(token)).toEqual({ ok: false, reason: 'key' });
    goOn();
    await verifying;
    ring.add(key);
    await tokens.verify(token);
    expect(asked).toEqual([token, token]);
  });

  test('a token that differs from a remembered one in any one character is refused', async () => {
    const { tokens, sign } = setUp(name, library);
    const token = await sign();
    await tokens.verify(token);
    for (let at = 0; at < token.length; at += 1) {
      const altered = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
      expect(await tokens.verify(altered), `character ${at}`).toMatchObject({ ok: false });
      expect(await tokens.verify(token)).toMatchObject({ ok: true });
    }
    for (const altered of [`${token}=`, `${token}.`, token.slice(0, -1), `${token}A`, token.toUpperCase()])
      expect(await tokens.verify(altered)).toMatchObject({ ok: false });
  });

  test('two that take turns are never taken for one another', async () => {
    const { tokens, sign } = setUp(name, library);
    const [alice, bob] = [await sign('alice'), await sign('bob')];
    const mixed = `${alice.slice(0, alice.lastIndexOf('.'))}${bob.slice(bob.lastIndexOf('.'))}`;
    for (let turn = 0; turn < 3; turn += 1) {
      expect(await tokens.verify(alice)).toMatchObject({ claims: { sub: 'alice' } });
      expect(await tokens.verify(mixed)).toMatchObject({ ok: false });
      expect(await tokens.verify(bob)).toMatchObject({ claims: { sub: 'bob' } });
    }
  });

  test('whoever is told to forget asks again', async () => {
    const { tokens, asked, sign } = setUp(name, library);
    const token = await sign();
    const verified = await tokens.verify(token);
    if (!verified.ok) throw new Error(verified.reason);
    tokens.forget(verified);
    tokens.forget(verified);
    await tokens.verify(token);
    expect(asked).toEqual([token, token]);
  });
});
