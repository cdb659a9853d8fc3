/** Which libraries make and check the signatures of each algorithm: the only place that knows. */

import type { AlgorithmName } from '../../keys/algorithms.ts';
import { fastJwt } from './fast-jwt.ts';
import { jose } from './jose.ts';
import { jsonwebtoken } from './jsonwebtoken.ts';
import type { TokenLibrary } from './library.ts';

/** The first is used unless a strategy's name says otherwise. */
export const librariesOf: Readonly<Record<AlgorithmName, readonly [TokenLibrary, ...TokenLibrary[]]>> = {
  hs256: [jsonwebtoken, jose, fastJwt],
  rs256: [jsonwebtoken, jose, fastJwt],
  ps256: [jsonwebtoken, jose, fastJwt],
  es256: [jsonwebtoken, jose, fastJwt],
  ed25519: [jose],
};
