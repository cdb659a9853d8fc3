/** A ring for tests: one active key of every algorithm, made once for all tests of a file. */

import { randomBytes } from 'node:crypto';
import { type AlgorithmName, algorithmNames, algorithms } from './algorithms.ts';
import { KeyRing, type SignatureKey, signatureKey } from './key-ring.ts';

/** A new key, of the smallest size that is allowed: tests have no secrets, and no time. */
export function testKey(name: AlgorithmName): SignatureKey {
  const algorithm = algorithms[name];
  const signing = algorithm.key.generate(algorithm.minimalBits);
  return signatureKey(algorithm, signing, { sharedKid: randomBytes(32).toString('base64url') });
}

export function testRing(names: readonly AlgorithmName[] = algorithmNames): KeyRing {
  const ring = new KeyRing({ secret: randomBytes(32) });
  for (const name of names) {
    const key = testKey(name);
    ring.add(key);
    ring.activate(name, key.kid);
  }
  return ring;
}
