/** Every signature algorithm authlab knows, one row each (RFC 7518 3.1). Nothing else switches on `alg`. */

import { createSecretKey, generateKeyPair, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

export interface Algorithm {
  /** As it ends a strategy's name: `jwt-rs256`. */
  readonly name: string;
  /** The JWS `alg` value, compared letter by letter. */
  readonly jws: 'HS256' | 'RS256' | 'PS256' | 'ES256' | 'Ed25519';
  /** Smaller keys are refused at start. */
  readonly minimalBits: number;
  /** Size of a key that authlab makes unless told another. */
  readonly defaultBits: number;
  readonly key: SharedKey | KeyPair;
  /** Size of a signing or verification key, or null when the key is of another kind than this algorithm signs with. */
  bitsOf(key: KeyObject): number | null;
  /** Length of every signature by a key of so many bits; one of any other length is none. */
  signatureBytes(keyBits: number): number;
}

/** Whoever can verify can sign: such a key is never published. */
export interface SharedKey {
  readonly kind: 'shared';
  /** A new key of so many bits. */
  generate(bits: number): KeyObject;
}

/** The private half signs; the public half is published as a JWK. */
export interface KeyPair {
  readonly kind: 'pair';
  /** Members of the public JWK in lexicographic order, as its thumbprint hashes them (RFC 7638 3.2). */
  readonly publicMembers: readonly string[];
  /** A new private key of so many bits, where its size is a matter of choice. RSA takes up to a second of CPU. */
  generate(bits: number): KeyObject;
  /** The same on another thread, so that a server goes on answering meanwhile. */
  generateInBackground(bits: number): Promise<KeyObject>;
}

const generateOnThread = promisify(generateKeyPair);

/**
 * What RS256 and PS256 have in common. A key is used with one of them, never with both: its `kid` stands for it and its
 * algorithm. `rsa-pss` keys carry restrictions that RS256 cannot meet and a JWK cannot show, hence null.
 */
const rsa = {
  // RFC 7518 3.3 and 3.5.
  minimalBits: 2048,
  // What NIST SP 800-57 asks of keys used beyond 2030.
  defaultBits: 3072,
  key: {
    kind: 'pair',
    publicMembers: ['e', 'kty', 'n'],
    generate: (bits) => generateKeyPairSync('rsa', { modulusLength: bits }).privateKey,
    generateInBackground: async (bits) => (await generateOnThread('rsa', { modulusLength: bits })).privateKey,
  },
  bitsOf: (key) => (key.asymmetricKeyType === 'rsa' ? (key.asymmetricKeyDetails?.modulusLength ?? 0) : null),
  signatureBytes: (keyBits) => Math.ceil(keyBits / 8),
} as const satisfies Omit<Algorithm, 'name' | 'jws'>;

const rows = {
  hs256: {
    name: 'hs256',
    jws: 'HS256',
    // RFC 7518 3.2: a key of the hash's size or larger.
    minimalBits: 256,
    defaultBits: 256,
    key: { kind: 'shared', generate: (bits) => createSecretKey(randomBytes(bits / 8)) },
    bitsOf: (key) => (key.type === 'secret' ? (key.symmetricKeySize ?? 0) * 8 : null),
    signatureBytes: () => 32,
  },
  rs256: { name: 'rs256', jws: 'RS256', ...rsa },
  ps256: { name: 'ps256', jws: 'PS256', ...rsa },
  es256: {
    name: 'es256',
    jws: 'ES256',
    minimalBits: 256,
    defaultBits: 256,
    key: {
      kind: 'pair',
      publicMembers: ['crv', 'kty', 'x', 'y'],
      generate: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
      generateInBackground: async () => (await generateOnThread('ec', { namedCurve: 'P-256' })).privateKey,
    },
    // RFC 7518 3.4: P-256 and no other curve, whatever its size.
    bitsOf: (key) => (key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 256 : null),
    // r and s side by side; never in DER, which has more than one length.
    signatureBytes: () => 64,
  },
  ed25519: {
    name: 'ed25519',
    // The fully specified name of RFC 9864 2.2. `EdDSA` (RFC 8037) is deprecated: it leaves the curve to the key, and is
    // refused like any other name.
    jws: 'Ed25519',
    minimalBits: 256,
    defaultBits: 256,
    key: {
      kind: 'pair',
      publicMembers: ['crv', 'kty', 'x'],
      generate: () => generateKeyPairSync('ed25519').privateKey,
      generateInBackground: async () => (await generateOnThread('ed25519')).privateKey,
    },
    bitsOf: (key) => (key.asymmetricKeyType === 'ed25519' ? 256 : null),
    signatureBytes: () => 64,
  },
} as const satisfies Record<string, Algorithm>;

export type AlgorithmName = keyof typeof rows;

export const algorithms: Readonly<Record<AlgorithmName, Algorithm>> = rows;

export const algorithmNames = Object.keys(rows) as readonly AlgorithmName[];
