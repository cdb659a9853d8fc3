/** Mistake: `none` stands in the list of algorithms, and the key is looked up by the token's `alg` (CVE-2022-23540, RFC 8725 3.2). */

import jwt from 'jsonwebtoken';
import { type Mistake, verified } from './parts.ts';

export const algorithmListTooWide: Mistake = (_careful, world) => {
  const keys = new Map<string, jwt.Secret>([['HS256', world.hmacSecret]]);
  return {
    read(accessToken) {
      const key = keys.get(jwt.decode(accessToken, { complete: true })?.header.alg ?? '') ?? '';
      return verified(accessToken, key, { world, algorithms: ['HS256', 'none'], expires: true });
    },
  };
};
