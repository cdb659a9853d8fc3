/** All keys of a server, made from one secret and the private keys it was given; weak ones are refused at start. */

import { createPublicKey, type KeyObject } from 'node:crypto';
import { deriveKey } from '../kernel/digest.ts';
import { AuthlabError, type Fault } from '../kernel/errors.ts';
import { type Algorithm, type AlgorithmName, algorithmNames, algorithms } from './algorithms.ts';
import { thumbprint } from './jwk.ts';

export interface KeyRingOptions {
  /** The root secret, 32 bytes or more from a CSPRNG. Every other symmetric key is derived from it. */
  readonly secret: Buffer;
  /** RSA, 2048 bits or more. Absent: strategies that sign with RS256 cannot be built. */
  readonly rs256PrivateKey?: KeyObject;
}

/** The key of one algorithm. Each key is used with exactly one. */
export interface SignatureKey {
  readonly algorithm: Algorithm;
  /** Names the key in a token's header: the thumbprint of a public key, or as many characters derived from a secret. */
  readonly kid: string;
  readonly bits: number;
  readonly signing: KeyObject;
  readonly verification: KeyObject;
}

const minimalSecretBytes = 32;

export class KeyRing {
  readonly #secret: Buffer;
  readonly #keys = new Map<AlgorithmName, SignatureKey>();

  /** Throws ERR_INPUT_INVALID with every weak or unfit key among its faults. */
  constructor(options: KeyRingOptions) {
    this.#secret = options.secret;
    const faults: Fault[] = [];
    if (options.secret.length < minimalSecretBytes) {
      faults.push({
        place: 'secret',
        message: `has ${options.secret.length} bytes; it needs ${minimalSecretBytes} random bytes or more`,
      });
    }
    const supplied: Partial<Record<AlgorithmName, KeyObject | undefined>> = { rs256: options.rs256PrivateKey };
    for (const name of algorithmNames) {
      const algorithm = algorithms[name];
      const signing = algorithm.key.kind === 'shared' ? algorithm.key.derive(options.secret) : supplied[name];
      if (signing === undefined) continue;
      const weakness = weaknessOf(algorithm, signing);
      if (weakness === null) this.#keys.set(name, signatureKey(algorithm, signing, options.secret));
      else faults.push({ place: `${name}PrivateKey`, message: weakness });
    }
    if (faults.length > 0) throw new AuthlabError('ERR_INPUT_INVALID', 'The keys are not fit for use.', { faults });
  }

  /** Every signature key the ring holds. */
  get keys(): readonly SignatureKey[] {
    return [...this.#keys.values()];
  }

  has(name: AlgorithmName): boolean {
    return this.#keys.has(name);
  }

  /** Throws ERR_INPUT_INVALID when the ring was not given such a key. */
  key(name: AlgorithmName): SignatureKey {
    const key = this.#keys.get(name);
    if (key !== undefined) return key;
    throw new AuthlabError('ERR_INPUT_INVALID', `There is no ${algorithms[name].jws} key.`, {
      faults: [{ place: `${name}PrivateKey`, message: `is needed by every strategy whose name ends in -${name}` }],
    });
  }

  /** 32 bytes for one purpose; different purposes share none. */
  secretFor(purpose: string): Buffer {
    return deriveKey(this.#secret, purpose);
  }
}

function weaknessOf(algorithm: Algorithm, signing: KeyObject): string | null {
  const bits = algorithm.bitsOf(signing);
  if (bits === null || signing.type === 'public') return `is not a key that signs ${algorithm.jws}`;
  if (bits < algorithm.minimalBits) return `has ${bits} bits; ${algorithm.jws} needs ${algorithm.minimalBits} or more`;
  return null;
}

function signatureKey(algorithm: Algorithm, signing: KeyObject, secret: Buffer): SignatureKey {
  const bits = algorithm.bitsOf(signing) ?? 0;
  if (algorithm.key.kind === 'shared') {
    // Never a digest of the key itself, which would let a guess be checked (RFC 7638 7); as long as a thumbprint, so
    // that tokens of different algorithms differ in size by their signatures alone.
    const kid = deriveKey(secret, `kid/${algorithm.jws}`).toString('base64url');
    return { algorithm, kid, bits, signing, verification: signing };
  }
  const verification = createPublicKey(signing);
  return { algorithm, kid: thumbprint(algorithm.key, verification), bits, signing, verification };
}
