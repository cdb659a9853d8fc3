/** The keys of one strategy as its access tokens need them: by the header that each writes, with the library's functions. */

import type { AlgorithmKeys, SignatureKey } from '../keys/key-ring.ts';
import type { JoseHeader, Signer, TimeCheck, TokenLibrary, Verifier } from './libraries/library.ts';

/** RFC 9068 2.1. */
const mediaType = 'at+jwt';

export interface AcceptedKey {
  readonly verify: Verifier;
  /** Whether the text can be a signature by this key, in the one spelling that it has. */
  isSignature(text: string): boolean;
}

/** Worked out anew only when the keys have changed. */
export class AcceptedKeys {
  readonly #keys: AlgorithmKeys;
  readonly #library: TokenLibrary;
  readonly #times: TimeCheck;
  #byHeader: ReadonlyMap<string, AcceptedKey> = new Map();
  #signer: Signer | null = null;
  #version = Number.NaN;

  constructor(keys: AlgorithmKeys, library: TokenLibrary, times: TimeCheck) {
    this.#keys = keys;
    this.#library = library;
    this.#times = times;
  }

  /**
   * The key of a token that begins with this header segment. Texts are compared and nothing is decoded: a header that
   * we would not have written letter by letter names no key, so that none can choose an algorithm, bring a key along
   * (`jwk`, `jku`, `x5u`, `x5c`) or ask for an extension (`crit`, `b64`).
   */
  find(headerSegment: string): AcceptedKey | undefined {
    this.renew();
    return this.#byHeader.get(headerSegment);
  }

  /** Signs with the active key. Throws ERR_LOG_UNAVAILABLE while there is none. */
  get signer(): Signer {
    this.renew();
    if (this.#signer === null) {
      const key = this.#keys.active();
      this.#signer = this.#library.signerOf(key, headerOf(key));
    }
    return this.#signer;
  }

  /**
   * Another number whenever the keys have changed: each who remembers something of them compares it with the one that it
   * has seen last, whoever else has noticed before. A key that stays is the same object as before.
   */
  renew(): number {
    const { version } = this.#keys;
    if (this.#version === version) return version;
    const before = this.#byHeader;
    this.#byHeader = new Map(
      this.#keys.accepted().map((key): [string, AcceptedKey] => {
        const header = segmentOf(headerOf(key));
        return [header, before.get(header) ?? this.#acceptedKey(key)];
      }),
    );
    this.#signer = null;
    this.#version = version;
    return version;
  }

  /** All that are accepted now. */
  all(): ReadonlySet<AcceptedKey> {
    this.renew();
    return new Set(this.#byHeader.values());
  }

  #acceptedKey(key: SignatureKey): AcceptedKey {
    const isSignature = signatureCheck(key.algorithm.signatureBytes(key.bits));
    return { verify: this.#library.verifierOf(key, this.#times), isSignature };
  }
}

function headerOf({ algorithm, kid }: SignatureKey): JoseHeader {
  return { alg: algorithm.jws, typ: mediaType, kid };
}

function segmentOf(header: JoseHeader): string {
  return Buffer.from(JSON.stringify(header)).toString('base64url');
}

/**
 * Spare bits of the last character are zero (RFC 4648 3.5). Decoders ignore them, and padding, and accept the alphabet
 * of plain base64, all of which would give one signature several spellings.
 */
function signatureCheck(bytes: number): AcceptedKey['isSignature'] {
  const length = Math.ceil((bytes * 4) / 3);
  const lastCharacters = ['[A-Za-z0-9_-]', '[AEIMQUYcgkosw048]', '[AQgw]'][(3 - (bytes % 3)) % 3];
  const shape = new RegExp(`^[A-Za-z0-9_-]*${lastCharacters}$`);
  return (text) => text.length === length && shape.test(text);
}
