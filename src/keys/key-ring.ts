/** The keys a node knows at this moment: which of them signs, and which are accepted. What changes them are events. */

import { createPublicKey, type KeyObject } from 'node:crypto';
import { deriveKey } from '../kernel/digest.ts';
import { AuthlabError } from '../kernel/errors.ts';
import { type Algorithm, type AlgorithmName, algorithms } from './algorithms.ts';
import { thumbprint } from './jwk.ts';

/** One key of one algorithm. Each key is used with exactly one. */
export interface SignatureKey {
  readonly algorithm: Algorithm;
  /** Names the key in a token's header: the thumbprint of a public key (RFC 7638), or as many random characters. */
  readonly kid: string;
  readonly bits: number;
  readonly signing: KeyObject;
  readonly verification: KeyObject;
}

/** The keys of one algorithm, as they are whenever one asks. */
export interface AlgorithmKeys {
  readonly algorithm: Algorithm;
  /** Goes up with every change, so that what was worked out from the keys can be kept until then. */
  readonly version: number;
  /** The key that signs. Throws ERR_LOG_UNAVAILABLE while none is known. */
  active(): SignatureKey;
  /** Every key whose tokens are accepted: published, signing or superseded, but not retired. */
  accepted(): readonly SignatureKey[];
}

export interface RootSecrets {
  readonly secret: Buffer;
  /** What was made under it is still accepted. */
  readonly previousSecret?: Buffer;
}

const minimalSecretBytes = 32;

export class KeyRing {
  readonly #secret: Buffer;
  readonly #previousSecrets: readonly Buffer[];
  readonly #slots = new Map<AlgorithmName, Slot>();

  /** Each secret: 32 bytes or more from a CSPRNG, the root of all that is derived. Throws ERR_INPUT_INVALID for fewer. */
  constructor({ secret, previousSecret }: RootSecrets) {
    demandLength('secret', secret);
    if (previousSecret !== undefined) demandLength('previousSecret', previousSecret);
    this.#secret = secret;
    this.#previousSecrets = previousSecret === undefined ? [] : [previousSecret];
  }

  /** A view that stays right while keys come and go. */
  keysOf(name: AlgorithmName): AlgorithmKeys {
    return this.#slot(name);
  }

  /** Every key that is accepted, of all algorithms. */
  get accepted(): readonly SignatureKey[] {
    return [...this.#slots.values()].flatMap((slot) => slot.accepted());
  }

  /**
   * Makes a key known: from now on its tokens are accepted. Known already: nothing changes.
   * Throws ERR_INPUT_INVALID when it serves another algorithm: an RSA key could be used with two, and must not be.
   */
  add(key: SignatureKey): void {
    const other = this.accepted.find(({ kid, algorithm }) => kid === key.kid && algorithm !== key.algorithm);
    if (other !== undefined) {
      const faults = [{ place: `${key.algorithm.name} key`, message: `is in use with ${other.algorithm.jws}` }];
      throw new AuthlabError('ERR_INPUT_INVALID', 'A key is used with one algorithm only.', { faults });
    }
    this.#slot(key.algorithm.name as AlgorithmName).add(key);
  }

  /** From now on it signs. Unknown: nothing changes. */
  activate(name: AlgorithmName, kid: string): void {
    this.#slot(name).activate(kid);
  }

  /** From now on nothing it signed is accepted. */
  retire(name: AlgorithmName, kid: string): void {
    this.#slot(name).retire(kid);
  }

  /** 32 bytes for one purpose; different purposes share none. */
  secretFor(purpose: string): Buffer {
    return deriveKey(this.#secret, purpose);
  }

  /** The same from what was the secret before, if anything was: to recognise by, never to make anything with. */
  previousSecretsFor(purpose: string): readonly Buffer[] {
    return this.#previousSecrets.map((secret) => deriveKey(secret, purpose));
  }

  #slot(name: AlgorithmName): Slot {
    let slot = this.#slots.get(name);
    if (slot === undefined) {
      slot = new Slot(algorithms[name]);
      this.#slots.set(name, slot);
    }
    return slot;
  }
}

function demandLength(place: keyof RootSecrets, secret: Buffer): void {
  if (secret.length >= minimalSecretBytes) return;
  const message = `has ${secret.length} bytes; it needs ${minimalSecretBytes} random bytes or more`;
  throw new AuthlabError('ERR_INPUT_INVALID', 'The root secret is too short.', { faults: [{ place, message }] });
}

class Slot implements AlgorithmKeys {
  readonly algorithm: Algorithm;
  version = 0;
  #accepted: readonly SignatureKey[] = [];
  #activeKid: string | null = null;

  constructor(algorithm: Algorithm) {
    this.algorithm = algorithm;
  }

  active(): SignatureKey {
    const key = this.#accepted.find(({ kid }) => kid === this.#activeKid);
    if (key !== undefined) return key;
    throw new AuthlabError('ERR_LOG_UNAVAILABLE', `No ${this.algorithm.jws} key is active at this node.`);
  }

  accepted(): readonly SignatureKey[] {
    return this.#accepted;
  }

  add(key: SignatureKey): void {
    if (this.#accepted.some(({ kid }) => kid === key.kid)) return;
    this.#accepted = [...this.#accepted, key];
    this.version += 1;
  }

  activate(kid: string): void {
    if (kid === this.#activeKid || !this.#accepted.some((key) => key.kid === kid)) return;
    this.#activeKid = kid;
    this.version += 1;
  }

  retire(kid: string): void {
    if (!this.#accepted.some((key) => key.kid === kid)) return;
    this.#accepted = this.#accepted.filter((key) => key.kid !== kid);
    this.version += 1;
  }
}

/**
 * A key with its name: of a pair the thumbprint, else the given one (22 or more random characters).
 * Throws ERR_INPUT_INVALID, naming `place`, when it is weak or of another kind than the algorithm signs with.
 */
export function signatureKey(
  algorithm: Algorithm,
  signing: KeyObject,
  { sharedKid = '', place = `${algorithm.name} key` }: { readonly sharedKid?: string; readonly place?: string } = {},
): SignatureKey {
  const weakness = weaknessOf(algorithm, signing);
  if (weakness !== null) {
    const faults = [{ place, message: weakness }];
    throw new AuthlabError('ERR_INPUT_INVALID', 'The key is not fit for use.', { faults });
  }
  const bits = algorithm.bitsOf(signing) ?? 0;
  if (algorithm.key.kind === 'shared') return { algorithm, kid: sharedKid, bits, signing, verification: signing };
  const verification = createPublicKey(signing);
  return { algorithm, kid: thumbprint(algorithm.key, verification), bits, signing, verification };
}

/** What makes a key unfit to sign with this algorithm, or null. */
export function weaknessOf(algorithm: Algorithm, signing: KeyObject): string | null {
  const bits = algorithm.bitsOf(signing);
  if (bits === null || signing.type === 'public') return `is not a key that signs ${algorithm.jws}`;
  if (bits < algorithm.minimalBits) return `has ${bits} bits; ${algorithm.jws} needs ${algorithm.minimalBits} or more`;
  return null;
}
