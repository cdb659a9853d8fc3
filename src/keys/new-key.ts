/** A new signing key of authlab's own making. */

import type { RandomBytes } from '../kernel/random.ts';
import { type AlgorithmName, algorithms } from './algorithms.ts';
import { type SignatureKey, signatureKey } from './key-ring.ts';

/**
 * Pairs are made on another thread; RSA takes up to some seconds there.
 * @param bits where the size is a matter of choice; the algorithm's default unless given
 * Throws ERR_INPUT_INVALID for fewer than the algorithm's minimum.
 */
export async function newSignatureKey(
  name: AlgorithmName,
  random: RandomBytes,
  bits: number = algorithms[name].defaultBits,
): Promise<SignatureKey> {
  const algorithm = algorithms[name];
  const { key } = algorithm;
  const signing = key.kind === 'pair' ? await key.generateInBackground(bits) : key.generate(bits);
  return signatureKey(algorithm, signing, { sharedKid: random(32).toString('base64url') });
}
