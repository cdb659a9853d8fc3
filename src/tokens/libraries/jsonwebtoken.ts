/** jsonwebtoken: synchronous, on `node:crypto`. It knows no Ed25519. */

import type { KeyObject } from 'node:crypto';
import jwt, { type Algorithm } from 'jsonwebtoken';
import { badSignature, expired, type LibraryVariant, type TokenLibrary } from './library.ts';

/** What is handed to the library with a call. */
type KeyForm = (key: KeyObject) => () => KeyObject | Buffer | string;

export const jsonwebtoken: TokenLibrary = handedKeysAs((key) => () => key);

/**
 * The secret as most programs have it, in a text: jsonwebtoken tries with every call to read a public key in it, which
 * fails and throws, and then makes a KeyObject of it. The text is decoded here where jsonwebtoken would encode it, for the
 * secret has the same bytes as everybody's.
 */
export const jsonwebtokenWithTextSecret: TokenLibrary = handedKeysAs(
  (key) => {
    const text = key.export().toString('base64url');
    return () => Buffer.from(text, 'base64url');
  },
  {
    name: 'string-secret',
    usage: 'imports its secret again with every call: a mistake in speed, not in safety',
  },
);

/** The key as it stands in a file: parsed with every call. */
export const jsonwebtokenWithPem: TokenLibrary = handedKeysAs(
  (key) => {
    const pem = key.export({ format: 'pem', type: key.type === 'private' ? 'pkcs8' : 'spki' }).toString();
    return () => pem;
  },
  {
    name: 'pem',
    usage: 'parses its key, a PEM text, again with every call: a mistake in speed, not in safety',
  },
);

function handedKeysAs(form: KeyForm, variant?: LibraryVariant): TokenLibrary {
  return {
    name: 'jsonwebtoken',
    ...(variant === undefined ? {} : { variant }),

    signerOf({ signing }, header) {
      const options = { algorithm: header.alg as Algorithm, header: { ...header } };
      const keyNow = form(signing);
      return (claims) => jwt.sign(claims, keyNow(), options);
    },

    verifierOf({ algorithm, verification }, { clock, leewayMillis }) {
      const algorithms = [algorithm.jws as Algorithm];
      const clockTolerance = leewayMillis / 1000;
      const keyNow = form(verification);
      return (token) => {
        try {
          const clockTimestamp = clock.wallMillis() / 1000;
          const payload = jwt.verify(token, keyNow(), { algorithms, clockTimestamp, clockTolerance });
          // It has no option that demands an expiry.
          return typeof payload === 'object' && payload.exp !== undefined ? { ok: true, payload } : badSignature;
        } catch (error) {
          // Key and options are fixed and known to be good, so whatever is thrown here, it is the token's fault.
          return error instanceof jwt.TokenExpiredError ? expired : badSignature;
        }
      };
    },
  };
}
