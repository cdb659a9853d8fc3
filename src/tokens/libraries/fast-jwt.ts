/** fast-jwt: synchronous, on `node:crypto`. It knows Ed25519 by its deprecated name only, and so cannot have it. */

import type { KeyObject } from 'node:crypto';
import { type Algorithm, createSigner, createVerifier } from 'fast-jwt';
import { tellTokenLookup } from '../../kernel/token-lookups.ts';
import type { SignatureKey } from '../../keys/key-ring.ts';
import { cachedTokens } from './cached.ts';
import { badSignature, type TimeCheck, type TokenLibrary, type Verifier } from './library.ts';
import { judgeTimes } from './times.ts';

/**
 * Of what it offers, little is used, and of its history that is the reason: no function that names what is cached
 * (CVE-2026-35039), none that resolves a key (CVE-2026-44351), no regular expression as a claim's matcher
 * (CVE-2026-35041), one algorithm always named (CVE-2023-48223 and its successors).
 */
export const fastJwt: TokenLibrary = {
  name: 'fast-jwt',

  signerOf({ signing }, header) {
    const algorithm = header.alg as Algorithm;
    return createSigner({ key: exported(signing), algorithm, header: { ...header, alg: algorithm } });
  },

  verifierOf: (key, times) => verifierWith(false, key, times),
};

/**
 * With its own cache, which goes by a hash of the whole token. It gives a place to tokens that it refused, too, so that a
 * flood of forgeries empties it: slower then, never wrong.
 */
export const fastJwtWithOwnCache: TokenLibrary = {
  ...fastJwt,
  variant: {
    name: 'own-cache',
    usage: `remembers the last ${cachedTokens.toLocaleString('en-US')} tokens of each key in a cache of its own`,
  },
  verifierOf: (key, times) => verifierWith(cachedTokens, key, times),
};

function verifierWith(cache: number | false, { algorithm, verification }: SignatureKey, times: TimeCheck): Verifier {
  const verify = createVerifier({
    key: exported(verification),
    algorithms: [algorithm.jws as Algorithm],
    requiredClaims: ['exp'],
    cache,
    // It reads the clock when the verifier is made, or else the machine's.
    ignoreExpiration: true,
    ignoreNotBefore: true,
  });
  return (token) => {
    try {
      const payload = verify(token);
      return judgeTimes(cache === false ? payload : remembered(payload), times);
    } catch {
      // Key and options are fixed and known to be good, so whatever is thrown here, it is the token's fault.
      return badSignature;
    }
  };
}

/** What is cached is the payload itself, and everybody who brings the token is handed the same: that is how it is known. */
function remembered<Payload extends object>(payload: Payload): Payload {
  tellTokenLookup(Object.isFrozen(payload));
  return unchangeable(payload);
}

/** The only forms it takes; it makes a KeyObject of either, once for each signer and verifier. */
function exported(key: KeyObject): string | Buffer {
  if (key.type === 'secret') return key.export();
  return key.export({ format: 'pem', type: key.type === 'private' ? 'pkcs8' : 'spki' }).toString();
}

/** Everybody who brings the same token is handed this very payload: nobody may change it, nor a list in it. */
function unchangeable<Payload extends object>(payload: Payload): Payload {
  if (Object.isFrozen(payload)) return payload;
  for (const member of Object.values(payload)) Object.freeze(member);
  return Object.freeze(payload);
}
