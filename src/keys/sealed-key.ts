/** Signing keys as the log may hold them: sealed with AES-256-GCM (NIST SP 800-38D), of no use without the root secret. */

import { createCipheriv, createDecipheriv, createPrivateKey, createSecretKey, type KeyObject } from 'node:crypto';
import { AuthlabError } from '../kernel/errors.ts';
import type { RandomBytes } from '../kernel/random.ts';
import type { Algorithm } from './algorithms.ts';
import { type SignatureKey, signatureKey, weaknessOf } from './key-ring.ts';

/** What the 32-byte sealing key is derived for. */
export const sealingPurpose = 'seal/signing-keys';

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * The private or shared key as base64url: nonce, ciphertext, tag. Bound to the key's name and algorithm, so that it
 * opens in no other's place. A random nonce is good for 2^32 keys; a realm makes a handful a year.
 */
export function sealKey(sealingKey: Buffer, { kid, algorithm, signing }: SignatureKey, random: RandomBytes): string {
  const nonce = random(nonceBytes);
  const sealing = createCipheriv(cipher, sealingKey, nonce, { authTagLength: tagBytes });
  sealing.setAAD(boundTo(algorithm, kid));
  return Buffer.concat([nonce, sealing.update(plainOf(signing)), sealing.final(), sealing.getAuthTag()]).toString(
    'base64url',
  );
}

/**
 * The key again, or null: sealed under another secret, for another name or algorithm, changed on the way, or not fit to
 * sign with. Which of these it was cannot be told, and makes no difference.
 */
export function unsealKey(sealingKey: Buffer, algorithm: Algorithm, kid: string, sealed: string): SignatureKey | null {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length <= nonceBytes + tagBytes) return null;
  const opening = createDecipheriv(cipher, sealingKey, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  opening.setAAD(boundTo(algorithm, kid));
  opening.setAuthTag(bytes.subarray(-tagBytes));
  let signing: KeyObject;
  try {
    const plain = Buffer.concat([opening.update(bytes.subarray(nonceBytes, -tagBytes)), opening.final()]);
    signing = keyFrom(algorithm, plain);
  } catch {
    return null;
  }
  if (weaknessOf(algorithm, signing) !== null) return null;
  const key = signatureKey(algorithm, signing, { sharedKid: kid });
  return key.kid === kid ? key : null;
}

/** Neither name holds a line break, so no two pairs read the same. */
function boundTo(algorithm: Algorithm, kid: string): Buffer {
  return Buffer.from(`${algorithm.name}\n${kid}`);
}

function plainOf(key: KeyObject): Buffer {
  if (key.type === 'secret') return key.export();
  if (key.type === 'private') return key.export({ format: 'der', type: 'pkcs8' });
  throw new AuthlabError('ERR_INPUT_INVALID', 'A public key cannot be sealed: it signs nothing.');
}

function keyFrom(algorithm: Algorithm, plain: Buffer): KeyObject {
  return algorithm.key.kind === 'shared'
    ? createSecretKey(plain)
    : createPrivateKey({ key: plain, format: 'der', type: 'pkcs8' });
}
