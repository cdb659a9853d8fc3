/** Every signature algorithm authlab knows, one row each (RFC 7518 3.1). Nothing else switches on `alg`. */

import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { deriveKey } from '../kernel/digest.ts';

export interface Algorithm {
  /** As it ends a strategy's name: `jwt-rs256`. */
  readonly name: string;
  /** The JWS `alg` value, compared letter by letter. */
  readonly jws: 'HS256' | 'RS256';
  /** Smaller keys are refused at start. */
  readonly minimalBits: number;
  /** Size of a key that authlab makes itself. */
  readonly defaultBits: number;
  readonly key: SharedKey | KeyPair;
  /** Size of a signing or verification key, or null when the key is of another kind than this algorithm signs with. */
  bitsOf(key: KeyObject): number | null;
}

/** Whoever can verify can sign: such a key is derived from the server's secret and never published. */
export interface SharedKey {
  readonly kind: 'shared';
  derive(secret: Buffer): KeyObject;
}

/** The private half signs; the public half is published as a JWK. */
export interface KeyPair {
  readonly kind: 'pair';
  /** Members of the public JWK in lexicographic order, as its thumbprint hashes them (RFC 7638 3.2). */
  readonly publicMembers: readonly string[];
  /** A new private key of the default size. Takes up to a second of CPU. */
  generate(): KeyObject;
}

/** RFC 7518 demands 2048; this is what NIST SP 800-57 asks of keys used beyond 2030. */
const rsaBits = 3072;

const rows = {
  hs256: {
    name: 'hs256',
    jws: 'HS256',
    // RFC 7518 3.2: a key of the hash's size or larger.
    minimalBits: 256,
    defaultBits: 256,
    key: { kind: 'shared', derive: (secret) => createSecretKey(deriveKey(secret, 'sign/HS256')) },
    bitsOf: (key) => (key.type === 'secret' ? (key.symmetricKeySize ?? 0) * 8 : null),
  },
  rs256: {
    name: 'rs256',
    jws: 'RS256',
    // RFC 7518 3.3.
    minimalBits: 2048,
    defaultBits: rsaBits,
    key: {
      kind: 'pair',
      publicMembers: ['e', 'kty', 'n'],
      generate: () => generateKeyPairSync('rsa', { modulusLength: rsaBits }).privateKey,
    },
    // `rsa-pss` keys are bound to another algorithm, hence null.
    bitsOf: (key) => (key.asymmetricKeyType === 'rsa' ? (key.asymmetricKeyDetails?.modulusLength ?? 0) : null),
  },
} as const satisfies Record<string, Algorithm>;

export type AlgorithmName = keyof typeof rows;

export const algorithms: Readonly<Record<AlgorithmName, Algorithm>> = rows;

export const algorithmNames = Object.keys(rows) as readonly AlgorithmName[];
