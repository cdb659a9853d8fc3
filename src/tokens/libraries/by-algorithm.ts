/** Which libraries make and check the signatures of each algorithm, and in which ways: the only place that knows. */

import type { AlgorithmName } from '../../keys/algorithms.ts';
import { withCache } from './cached.ts';
import { fastJwt, fastJwtWithOwnCache } from './fast-jwt.ts';
import { jose } from './jose.ts';
import { jsonwebtoken, jsonwebtokenWithPem, jsonwebtokenWithTextSecret } from './jsonwebtoken.ts';
import type { TokenLibrary } from './library.ts';

const nodeCrypto = [jsonwebtoken, jose, fastJwt] as const;
const nodeCryptoWithCache = [
  withCache(jsonwebtoken),
  withCache(jose),
  withCache(fastJwt),
  fastJwtWithOwnCache,
] as const;

/** The first is used unless a strategy's name says otherwise. */
export const librariesOf: Readonly<Record<AlgorithmName, readonly [TokenLibrary, ...TokenLibrary[]]>> = {
  hs256: [...nodeCrypto, ...nodeCryptoWithCache, jsonwebtokenWithTextSecret],
  rs256: [...nodeCrypto, ...nodeCryptoWithCache, jsonwebtokenWithPem],
  ps256: [...nodeCrypto, ...nodeCryptoWithCache],
  es256: [...nodeCrypto, ...nodeCryptoWithCache],
  ed25519: [jose, withCache(jose)],
};
