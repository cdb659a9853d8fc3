/** Which keys a ring makes, refuses and publishes. */

import {
  createHash,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isAuthlabError } from '../kernel/errors.ts';
import { algorithmNames, algorithms } from './algorithms.ts';
import { jwkSet } from './jwks.ts';
import { KeyRing, type KeyRingOptions } from './key-ring.ts';

const secret = randomBytes(32);
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

function faultsOf(options: KeyRingOptions): readonly { place: string; message: string }[] {
  try {
    new KeyRing(options);
  } catch (error) {
    if (isAuthlabError(error, 'ERR_INPUT_INVALID')) return error.faults;
    throw error;
  }
  return [];
}

describe('key ring', () => {
  test('derives the shared key, so that every node with the same secret has the same one', () => {
    const [one, other] = [new KeyRing({ secret }).key('hs256'), new KeyRing({ secret }).key('hs256')];
    expect(one.signing.equals(other.signing)).toBe(true);
    expect(one.kid).toBe(other.kid);
    expect(one.bits).toBe(256);
    expect(new KeyRing({ secret: randomBytes(32) }).key('hs256').kid).not.toBe(one.kid);
  });

  test('purposes share no bytes with each other or with the signing key', () => {
    const ring = new KeyRing({ secret });
    const texts = [ring.secretFor('a'), ring.secretFor('b'), ring.key('hs256').signing.export()].map(String);
    expect(new Set(texts).size).toBe(3);
    expect(texts).not.toContain(String(secret));
  });

  test('names all weak keys at once, and shows none of them', () => {
    const weakRsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    const faults = faultsOf({ secret: Buffer.from('secret'), rs256PrivateKey: weakRsa });
    expect(faults).toEqual([
      { place: 'secret', message: 'has 6 bytes; it needs 32 random bytes or more' },
      { place: 'rs256PrivateKey', message: 'has 1024 bits; RS256 needs 2048 or more' },
    ]);
  });

  const unfit: readonly [string, KeyObject][] = [
    ['a public key', rsa.publicKey],
    ['an elliptic key', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
    ['an RSA-PSS key', generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey],
    ['a secret', createSecretKey(randomBytes(256))],
  ];
  test.each(unfit)('refuses %s for RS256', (_, rs256PrivateKey) => {
    expect(faultsOf({ secret, rs256PrivateKey })).toEqual([
      { place: 'rs256PrivateKey', message: 'is not a key that signs RS256' },
    ]);
  });

  test('says which key is missing when one is asked for', () => {
    const ring = new KeyRing({ secret });
    expect(ring.has('rs256')).toBe(false);
    expect(() => ring.key('rs256')).toThrow('There is no RS256 key.');
  });

  test('makes keys of the default size itself', () => {
    const { key, defaultBits, bitsOf } = algorithms.rs256;
    expect(key.kind === 'pair' && bitsOf(key.generate())).toBe(defaultBits);
  });
});

describe('JWK Set', () => {
  const ring = new KeyRing({ secret, rs256PrivateKey: rsa.privateKey });
  const set = jwkSet(ring);

  test('publishes every public key and no shared one', () => {
    expect(set.keys.map((key) => key.alg)).toEqual(['RS256']);
    expect(algorithmNames).toContain('hs256');
    expect(JSON.stringify(set)).not.toContain(ring.key('hs256').signing.export().toString('base64url'));
  });

  test('holds public parameters only, and the key that verifies', () => {
    const [jwk] = set.keys;
    expect(Object.keys(jwk ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    expect(createPublicKey({ key: { ...jwk }, format: 'jwk' }).equals(rsa.publicKey)).toBe(true);
  });

  test('the kid is the RFC 7638 thumbprint', () => {
    const { e, n } = rsa.publicKey.export({ format: 'jwk' });
    const expected = createHash('sha256').update(`{"e":"${e}","kty":"RSA","n":"${n}"}`).digest('base64url');
    expect(set.keys[0]?.kid).toBe(expected);
    expect(ring.key('rs256').kid).toBe(expected);
  });
});
