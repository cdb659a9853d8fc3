/** fast-jwt: synchronous, on `node:crypto`. It knows Ed25519 by its deprecated name only, and so cannot have it. */

import type { KeyObject } from 'node:crypto';
import { type Algorithm, createSigner, createVerifier } from 'fast-jwt';
import { badSignature, expired, type TimeCheck, type TokenLibrary, type Verdict } from './library.ts';

/**
 * Of what it offers, little is used, and of its history that is the reason: no cache of verified tokens
 * (CVE-2026-35039), no function that resolves a key (CVE-2026-44351), no regular expression as a claim's matcher
 * (CVE-2026-35041), one algorithm always named (CVE-2023-48223 and its successors).
 */
export const fastJwt: TokenLibrary = {
  name: 'fast-jwt',

  signerOf({ signing }, header) {
    const algorithm = header.alg as Algorithm;
    return createSigner({ key: exported(signing), algorithm, header: { ...header, alg: algorithm } });
  },

  verifierOf({ algorithm, verification }, times) {
    const verify = createVerifier({
      key: exported(verification),
      algorithms: [algorithm.jws as Algorithm],
      requiredClaims: ['exp'],
      cache: false,
      // It reads the clock when the verifier is made, or else the machine's.
      ignoreExpiration: true,
      ignoreNotBefore: true,
    });
    return (token) => {
      try {
        return judgeTimes(verify(token), times);
      } catch {
        // Key and options are fixed and known to be good, so whatever is thrown here, it is the token's fault.
        return badSignature;
      }
    };
  },
};

/** The only forms it takes; it makes a KeyObject of either, once for each signer and verifier. */
function exported(key: KeyObject): string | Buffer {
  if (key.type === 'secret') return key.export();
  return key.export({ format: 'pem', type: key.type === 'private' ? 'pkcs8' : 'spki' }).toString();
}

function judgeTimes(
  payload: { readonly exp?: unknown; readonly nbf?: unknown },
  { clock, leewayMillis }: TimeCheck,
): Verdict {
  const { exp, nbf } = payload;
  const nowMillis = clock.wallMillis();
  if (typeof exp !== 'number') return badSignature;
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf * 1000 <= nowMillis + leewayMillis)) return badSignature;
  return nowMillis < exp * 1000 + leewayMillis ? { ok: true, payload } : expired;
}
