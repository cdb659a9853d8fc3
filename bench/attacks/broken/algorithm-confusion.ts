/** Mistake: the token's own `alg` decides what the key's text is, a public key or a secret (CVE-2015-9235, RFC 8725 2.1). */

import { createHmac, createVerify, timingSafeEqual } from 'node:crypto';
import { sessionIn } from './claims.ts';
import type { Mistake } from './parts.ts';

export const algorithmConfusion: Mistake = (_careful, world) => {
  const key = world.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return {
    read(accessToken) {
      const [header = '', payload = '', signature = ''] = accessToken.split('.');
      const { alg } = decoded(header);
      const isGenuine = verify(String(alg), `${header}.${payload}`, Buffer.from(signature, 'base64url'), key);
      const claims = isGenuine ? decoded(payload) : {};
      const isCurrent = typeof claims.exp === 'number' && claims.exp * 1_000 > world.clock.wallMillis();
      return isCurrent ? sessionIn(claims) : null;
    },
  };
};

/** One key for all algorithms, as libraries had it before 2015. */
function verify(alg: string, signed: string, signature: Buffer, key: string): boolean {
  const digest = `sha${alg.slice(2)}`;
  switch (alg) {
    case 'RS256':
    case 'RS384':
    case 'RS512':
      return createVerify(digest).update(signed).verify(key, signature);
    case 'HS256':
    case 'HS384':
    case 'HS512': {
      const expected = createHmac(digest, key).update(signed).digest();
      return expected.length === signature.length && timingSafeEqual(expected, signature);
    }
    default:
      return false;
  }
}

function decoded(part: string): Readonly<Record<string, unknown>> {
  try {
    return { ...JSON.parse(Buffer.from(part, 'base64url').toString()) };
  } catch {
    return {};
  }
}
