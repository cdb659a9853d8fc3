/** Keys of the broken variants: made by the lab, which so can sign as they do, and handed over in the environment. */

import { createPrivateKey, createPublicKey, createSecretKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { RandomBytes } from '../../../src/kernel/random.ts';
import type { Signer } from '../signer.ts';
import { signingKeyOf, type WorldKeys } from './claims.ts';
import type { BrokenVariant } from './parts.ts';

/** As little as RFC 7518 3.3 allows: quick to make, and not what is attacked here. */
export const rsaModulusBits = 2_048;

export async function createWorldKeys(random: RandomBytes): Promise<WorldKeys> {
  const [rsa, curve] = await Promise.all([
    promisify(generateKeyPair)('rsa', { modulusLength: rsaModulusBits }),
    promisify(generateKeyPair)('ec', { namedCurve: 'P-256' }),
  ]);
  return {
    hmacSecret: createSecretKey(random(32)),
    ...rsa,
    curvePublicKey: curve.publicKey,
    curvePrivateKey: curve.privateKey,
  };
}

/** As one line. */
export function keysAsText({ hmacSecret, privateKey, curvePrivateKey }: WorldKeys): string {
  return JSON.stringify([
    hmacSecret.export().toString('base64url'),
    ...[privateKey, curvePrivateKey].map((key) => key.export({ type: 'pkcs8', format: 'pem' })),
  ]);
}

export function keysFromText(text: string): WorldKeys {
  const [secret = '', rsa = '', curve = '']: string[] = JSON.parse(text);
  const [privateKey, curvePrivateKey] = [createPrivateKey(rsa), createPrivateKey(curve)];
  return {
    hmacSecret: createSecretKey(Buffer.from(secret, 'base64url')),
    privateKey,
    publicKey: createPublicKey(privateKey),
    curvePrivateKey,
    curvePublicKey: createPublicKey(curvePrivateKey),
  };
}

/** Signs as the variant does. */
export function signerOf(keys: WorldKeys, { algorithm }: Pick<BrokenVariant, 'algorithm'>): Signer {
  return { algorithm, key: signingKeyOf(keys, algorithm) };
}
