/** Secrets of one run: fresh, known to its nodes alone, and never written anywhere. */

import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { RandomBytes } from '../../src/kernel/random.ts';
import type { LabSecrets } from './environment.ts';

/** 3072 bits: 128-bit strength, good beyond 2030 (NIST SP 800-57 part 1, table 2). Takes some hundred milliseconds. */
export const rsaModulusBits = 3_072;

export async function createLabSecrets(random: RandomBytes, modulusLength = rsaModulusBits): Promise<LabSecrets> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { secret: random(32).toString('base64url'), rs256PrivateKeyPem: privateKey };
}
