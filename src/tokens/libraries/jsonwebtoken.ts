/** jsonwebtoken: synchronous, on `node:crypto`. It knows no Ed25519. */

import jwt, { type Algorithm } from 'jsonwebtoken';
import { badSignature, expired, type TokenLibrary } from './library.ts';

export const jsonwebtoken: TokenLibrary = {
  name: 'jsonwebtoken',

  signerOf({ signing }, header) {
    const options = { algorithm: header.alg as Algorithm, header: { ...header } };
    return (claims) => jwt.sign(claims, signing, options);
  },

  verifierOf({ algorithm, verification }, { clock, leewayMillis }) {
    const algorithms = [algorithm.jws as Algorithm];
    const clockTolerance = leewayMillis / 1000;
    return (token) => {
      try {
        const clockTimestamp = clock.wallMillis() / 1000;
        const payload = jwt.verify(token, verification, { algorithms, clockTimestamp, clockTolerance });
        // It has no option that demands an expiry.
        return typeof payload === 'object' && payload.exp !== undefined ? { ok: true, payload } : badSignature;
      } catch (error) {
        // Key and options are fixed and known to be good, so whatever is thrown here, it is the token's fault.
        return error instanceof jwt.TokenExpiredError ? expired : badSignature;
      }
    };
  },
};
