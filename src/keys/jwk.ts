/** One public key as a JSON Web Key (RFC 7517 4) and its thumbprint (RFC 7638). */

import type { KeyObject } from 'node:crypto';
import { sha256 } from '../kernel/digest.ts';
import type { KeyPair } from './algorithms.ts';

/** Only the members that the algorithm's row names: whatever else an export may hold stays here. */
export function publicMembersOf(pair: KeyPair, publicKey: KeyObject): Readonly<Record<string, string>> {
  const exported: Readonly<Record<string, unknown>> = { ...publicKey.export({ format: 'jwk' }) };
  return Object.fromEntries(pair.publicMembers.map((member) => [member, String(exported[member])]));
}

/** SHA-256 over the required members in lexicographic order: 43 base64url characters. */
export function thumbprint(pair: KeyPair, publicKey: KeyObject): string {
  return sha256(JSON.stringify(publicMembersOf(pair, publicKey)));
}
