/** jose: on Web Cryptography, and therefore asynchronous. It knows every algorithm that authlab has. */

import { type KeyObject, webcrypto } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { badSignature, expired, type TokenLibrary, type Verdict } from './library.ts';

/** In base64url. jose passes over it before the claims; for the other libraries, and RFC 8259 8.1, that is no JSON. */
const byteOrderMark = '77u_';

export const jose: TokenLibrary = {
  name: 'jose',

  signerOf({ signing }, header) {
    const key = imported(signing, 'sign');
    return async (claims) => new SignJWT(claims).setProtectedHeader({ ...header }).sign(await key);
  },

  verifierOf({ algorithm, verification }, { clock, leewayMillis }) {
    const key = imported(verification, 'verify');
    const fixed = { algorithms: [algorithm.jws], requiredClaims: ['exp'], clockTolerance: leewayMillis / 1000 };
    return async (token): Promise<Verdict> => {
      if (token.startsWith(byteOrderMark, token.indexOf('.') + 1)) return badSignature;
      try {
        const { payload } = await jwtVerify(token, await key, { ...fixed, currentDate: new Date(clock.wallMillis()) });
        return { ok: true, payload };
      } catch (error) {
        // Key and options are fixed and known to be good, so whatever is thrown here, it is the token's fault.
        return error instanceof errors.JWTExpired ? expired : badSignature;
      }
    };
  },
};

/** jose imports a pair's KeyObject once and keeps the result beside it, but a secret again with every call. */
function imported(key: KeyObject, use: 'sign' | 'verify'): KeyObject | Promise<webcrypto.CryptoKey> {
  if (key.type !== 'secret') return key;
  return webcrypto.subtle.importKey('raw', key.export(), { name: 'HMAC', hash: 'SHA-256' }, false, [use]);
}
