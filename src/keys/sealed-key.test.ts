/** What is sealed opens in its own place under its own secret, and nowhere else. */

import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { systemRandomBytes } from '../kernel/random.ts';
import { algorithmNames, algorithms } from './algorithms.ts';
import { signatureKey } from './key-ring.ts';
import { sealKey, unsealKey } from './sealed-key.ts';
import { testKey } from './test-ring.contract.ts';

const secret = randomBytes(32);

describe.each(algorithmNames)('a sealed %s key', (name) => {
  const key = testKey(name);
  const sealed = sealKey(secret, key, systemRandomBytes);
  const plain =
    key.signing.type === 'secret' ? key.signing.export() : key.signing.export({ format: 'der', type: 'pkcs8' });

  test('opens to the same key', () => {
    const opened = unsealKey(secret, key.algorithm, key.kid, sealed);
    expect(opened?.signing.equals(key.signing)).toBe(true);
    expect(opened?.verification.equals(key.verification)).toBe(true);
    expect([opened?.kid, opened?.bits]).toEqual([key.kid, key.bits]);
  });

  test('shows nothing of it, and not that it is the same key twice', () => {
    const bytes = Buffer.from(sealed, 'base64url');
    for (let at = 0; at + 16 <= plain.length; at += 16) expect(bytes.includes(plain.subarray(at, at + 16))).toBe(false);
    expect(sealKey(secret, key, systemRandomBytes)).not.toBe(sealed);
  });

  test('opens under no other secret, name or algorithm', () => {
    expect(unsealKey(randomBytes(32), key.algorithm, key.kid, sealed)).toBeNull();
    expect(unsealKey(secret, key.algorithm, testKey(name).kid, sealed)).toBeNull();
    for (const other of algorithmNames.filter((candidate) => candidate !== name)) {
      expect(unsealKey(secret, algorithms[other], key.kid, sealed)).toBeNull();
    }
  });

  test('does not open when any of it was changed', () => {
    const bytes = Buffer.from(sealed, 'base64url');
    for (const at of [0, 11, 12, bytes.length - 17, bytes.length - 16, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(unsealKey(secret, key.algorithm, key.kid, changed.toString('base64url')), `byte ${at}`).toBeNull();
    }
    for (const length of [0, 12, 28, bytes.length - 1]) {
      const short = bytes.subarray(0, length).toString('base64url');
      expect(unsealKey(secret, key.algorithm, key.kid, short), `${length} bytes`).toBeNull();
    }
  });
});

test('a pair does not open under a name that is not its thumbprint', () => {
  const key = testKey('es256');
  const kid = createHash('sha256').update('another').digest('base64url');
  expect(unsealKey(secret, key.algorithm, kid, sealKey(secret, { ...key, kid }, systemRandomBytes))).toBeNull();
});

test('a key that is too weak does not open, whoever sealed it', () => {
  const { algorithm } = testKey('hs256');
  const strong = testKey('hs256');
  const signing = algorithm.key.generate(128);
  const sealed = sealKey(secret, { ...strong, signing }, systemRandomBytes);
  expect(unsealKey(secret, algorithm, strong.kid, sealed)).toBeNull();
  expect(() => signatureKey(algorithm, signing, { sharedKid: strong.kid })).toThrow('not fit for use');
});
