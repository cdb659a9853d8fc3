/** The server's public keys as a JWK Set (RFC 7517 5); what can only be shared in secret is never in it. */

import { publicMembersOf } from './jwk.ts';
import type { KeyRing } from './key-ring.ts';

export interface PublicJwk {
  readonly kid: string;
  readonly alg: string;
  readonly use: 'sig';
  /** Key type and public parameters. */
  readonly [member: string]: string;
}

export interface JwkSet {
  readonly keys: readonly PublicJwk[];
}

/** As it is now: it changes with the keys. */
export function jwkSet(ring: KeyRing): JwkSet {
  const keys: PublicJwk[] = [];
  for (const { algorithm, kid, verification } of ring.accepted) {
    if (algorithm.key.kind !== 'pair') continue;
    keys.push({ ...publicMembersOf(algorithm.key, verification), kid, alg: algorithm.jws, use: 'sig' });
  }
  return { keys };
}
