/** Signs as a server does whose key is known: a forgery is then wrong in one thing alone (RFC 7515 5.1). */

import { constants, createHmac, type KeyObject, sign } from 'node:crypto';
import { encoded } from './token.ts';

export type SignerAlgorithm = 'HS256' | 'RS256' | 'PS256' | 'ES256' | 'Ed25519';

export interface Signer {
  readonly algorithm: SignerAlgorithm;
  /** The private or shared key. */
  readonly key: KeyObject;
}

/** A part as an object, or as the very text that is to stand in the token. */
export type Part = object | string;

/** Header and payload as they are, under a genuine signature. */
export function signedBy({ algorithm, key }: Signer, header: Part, payload: Part): string {
  const input = `${encoded(header)}.${encoded(payload)}`;
  return `${input}.${signatureOf(algorithm, key, input).toString('base64url')}`;
}

/** By an algorithm that need not be the key's own: what is one key is several to a careless verifier. */
export function signatureOf(algorithm: SignerAlgorithm | 'RS512' | 'HS512', key: KeyObject, input: string): Buffer {
  const bytes = Buffer.from(input);
  switch (algorithm) {
    case 'HS256':
      return createHmac('sha256', key).update(bytes).digest();
    case 'HS512':
      return createHmac('sha512', key).update(bytes).digest();
    case 'RS256':
      return sign('sha256', bytes, key);
    case 'RS512':
      return sign('sha512', bytes, key);
    case 'PS256':
      return sign('sha256', bytes, {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      });
    case 'ES256':
      return sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' });
    case 'Ed25519':
      return sign(null, bytes, key);
  }
}
