/** Which keys each algorithm makes, takes and refuses, and how they are published. */

import {
  createHash,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isAuthlabError } from '../kernel/errors.ts';
import { type AlgorithmName, algorithmNames, algorithms } from './algorithms.ts';
import { jwkSet } from './jwks.ts';
import { KeyRing, signatureKey, weaknessOf } from './key-ring.ts';
import { testRing } from './test-ring.contract.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const kinds: Readonly<Record<string, KeyObject>> = {
  'a secret': createSecretKey(randomBytes(32)),
  'an RSA key': rsa.privateKey,
  'an RSA-PSS key': generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey,
  'a P-256 key': generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  'a P-384 key': generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
  'a secp256k1 key': generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey,
  'an Ed25519 key': generateKeyPairSync('ed25519').privateKey,
  'an Ed448 key': generateKeyPairSync('ed448').privateKey,
  'an X25519 key': generateKeyPairSync('x25519').privateKey,
};
const takes: Readonly<Record<AlgorithmName, string>> = {
  hs256: 'a secret',
  rs256: 'an RSA key',
  ps256: 'an RSA key',
  es256: 'a P-256 key',
  ed25519: 'an Ed25519 key',
};

describe.each(algorithmNames)('%s', (name) => {
  const algorithm = algorithms[name];

  test('is called by its row', () => {
    expect(algorithm.name).toBe(name);
  });

  test('makes keys of the size that is asked for, never twice the same', () => {
    const [one, other] = [algorithm.key.generate(algorithm.minimalBits), algorithm.key.generate(algorithm.minimalBits)];
    expect(algorithm.bitsOf(one)).toBe(algorithm.minimalBits);
    expect(one.equals(other)).toBe(false);
    expect(weaknessOf(algorithm, one)).toBeNull();
    expect(algorithm.defaultBits).toBeGreaterThanOrEqual(algorithm.minimalBits);
  });

  test('takes keys of its own kind and of no other', () => {
    const taken = Object.keys(kinds).filter((kind) => {
      const key = kinds[kind];
      return key !== undefined && weaknessOf(algorithm, key) === null;
    });
    expect(taken).toEqual([takes[name]]);
  });

  test('does not sign with a public key', () => {
    if (algorithm.key.kind === 'shared') return;
    const publicKey = createPublicKey(algorithm.key.generate(algorithm.minimalBits));
    expect(weaknessOf(algorithm, publicKey)).toBe(`is not a key that signs ${algorithm.jws}`);
  });
});

describe('sizes', () => {
  test('weak keys are refused by name, and shown to nobody', () => {
    const weakRsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    const weak: readonly [AlgorithmName, KeyObject, string][] = [
      ['hs256', createSecretKey(randomBytes(16)), 'has 128 bits; HS256 needs 256 or more'],
      ['rs256', weakRsa, 'has 1024 bits; RS256 needs 2048 or more'],
      ['ps256', weakRsa, 'has 1024 bits; PS256 needs 2048 or more'],
    ];
    for (const [name, key, message] of weak) {
      let error: unknown;
      try {
        signatureKey(algorithms[name], key, { place: 'here' });
      } catch (thrown) {
        error = thrown;
      }
      expect(isAuthlabError(error, 'ERR_INPUT_INVALID') && error.faults).toEqual([{ place: 'here', message }]);
    }
  });

  test('RSA keys have 3072 bits unless told otherwise', () => {
    expect([algorithms.rs256.defaultBits, algorithms.ps256.defaultBits]).toEqual([3072, 3072]);
    expect(algorithms.rs256.bitsOf(algorithms.rs256.key.generate(2560))).toBe(2560);
  });

  test('a signature has as many bytes as its row says', () => {
    const bytes = (key: KeyObject, hash: string | null) =>
      sign(hash, Buffer.from('text'), { key, dsaEncoding: 'ieee-p1363' }).length;
    const { rs256, es256, ed25519 } = algorithms;
    expect(rs256.signatureBytes(2048)).toBe(bytes(rsa.privateKey, 'sha256'));
    expect(rs256.signatureBytes(2052)).toBe(bytes(rs256.key.generate(2052), 'sha256'));
    expect(es256.signatureBytes(256)).toBe(bytes(es256.key.generate(256), 'sha256'));
    expect(ed25519.signatureBytes(256)).toBe(bytes(ed25519.key.generate(256), null));
  });
});

describe('key ring', () => {
  test('wants a root secret of 32 bytes, and shows none', () => {
    expect(() => new KeyRing({ secret: Buffer.from('secret') })).toThrow('The root secret is too short.');
    expect(() => new KeyRing({ secret: randomBytes(32) })).not.toThrow();
  });

  test('purposes share no bytes, and nodes with the same secret share all', () => {
    const secret = randomBytes(32);
    const [one, other] = [new KeyRing({ secret }), new KeyRing({ secret })];
    expect(one.secretFor('a').equals(one.secretFor('b'))).toBe(false);
    expect(one.secretFor('a').equals(secret)).toBe(false);
    expect(one.secretFor('a').equals(other.secretFor('a'))).toBe(true);
  });

  test('what was the secret before is derived from alike, and apart', () => {
    const [secret, previousSecret] = [randomBytes(32), randomBytes(32)];
    const ring = new KeyRing({ secret, previousSecret });
    expect(ring.secretFor('a').equals(new KeyRing({ secret }).secretFor('a'))).toBe(true);
    expect(ring.previousSecretsFor('a')).toEqual([new KeyRing({ secret: previousSecret }).secretFor('a')]);
    expect(new KeyRing({ secret }).previousSecretsFor('a')).toEqual([]);
    expect(() => new KeyRing({ secret, previousSecret: randomBytes(31) })).toThrow('The root secret is too short.');
  });

  test('an RSA key serves one algorithm, not two', () => {
    const ring = new KeyRing({ secret: randomBytes(32) });
    ring.add(signatureKey(algorithms.rs256, rsa.privateKey));
    expect(() => ring.add(signatureKey(algorithms.ps256, rsa.privateKey))).toThrow('one algorithm only');
    expect(ring.accepted.map(({ algorithm }) => algorithm.name)).toEqual(['rs256']);
  });
});

describe('JWK Set', () => {
  const ring = testRing();
  const set = jwkSet(ring);
  const keyOf = (alg: string) => ring.accepted.find((key) => key.algorithm.jws === alg);

  test('publishes every public key and no shared one', () => {
    expect(set.keys.map((key) => key.alg).sort()).toEqual(['ES256', 'Ed25519', 'PS256', 'RS256']);
    expect(JSON.stringify(set)).not.toContain(keyOf('HS256')?.signing.export().toString('base64url'));
    expect(JSON.stringify(set)).not.toContain(keyOf('HS256')?.kid);
    expect(new Set(set.keys.map(({ kid }) => kid)).size).toBe(set.keys.length);
  });

  test.each(set.keys)('of $alg holds public parameters only, and the key that verifies', (jwk) => {
    const members = { RSA: ['e', 'n'], EC: ['crv', 'x', 'y'], OKP: ['crv', 'x'] }[jwk.kty ?? ''] ?? [];
    expect(Object.keys(jwk).sort()).toEqual(['alg', ...members, 'kid', 'kty', 'use'].sort());
    const verification = keyOf(jwk.alg)?.verification;
    expect(verification !== undefined && createPublicKey({ key: { ...jwk }, format: 'jwk' }).equals(verification)).toBe(
      true,
    );
  });

  test.each(set.keys)('the kid of $alg is the RFC 7638 thumbprint', ({ kid, alg: _, use: __, ...required }) => {
    const sorted = Object.fromEntries(Object.entries(required).sort(([a], [b]) => (a < b ? -1 : 1)));
    expect(kid).toBe(createHash('sha256').update(JSON.stringify(sorted)).digest('base64url'));
  });

  test('follows the keys: published before it signs, gone when it is retired', () => {
    const added = signatureKey(algorithms.es256, algorithms.es256.key.generate(256));
    const kids = () => jwkSet(ring).keys.map(({ kid }) => kid);
    ring.add(added);
    expect(kids()).toContain(added.kid);
    expect(ring.keysOf('es256').active().kid).not.toBe(added.kid);
    ring.retire('es256', added.kid);
    expect(kids()).not.toContain(added.kid);
  });
});
