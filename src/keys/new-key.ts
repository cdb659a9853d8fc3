/** A new signing key of authlab's own making. */

import type { RandomBytes } from '../kernel/random.ts';
import { type AlgorithmName, algorithms } from './algorithms.ts';
import { type SignatureKey, signatureKey } from './key-ring.ts';

/** Of the algorithm's default size. Pairs are made on another thread; RSA takes up to some seconds there. */
export async function newSignatureKey(name: AlgorithmName, random: RandomBytes): Promise<SignatureKey> {
  const algorithm = algorithms[name];
  const { key, defaultBits } = algorithm;
  const signing = key.kind === 'pair' ? await key.generateInBackground(defaultBits) : key.generate(defaultBits);
  return signatureKey(algorithm, signing, { sharedKid: random(32).toString('base64url') });
}
