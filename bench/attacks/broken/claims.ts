/** What the broken variants' tokens say and are signed with. */

import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../../src/kernel/clock.ts';
import type { RandomBytes } from '../../../src/kernel/random.ts';

/** What the variants of one process share. */
export interface World extends WorldKeys {
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** What a login says, and what a token should keep to. */
  readonly accessTokenLifetimeSeconds: number;
  /** Another realm, which has other keys. */
  readonly elsewhere?: World;
}

export interface WorldKeys {
  readonly hmacSecret: KeyObject;
  /** RSA; the public key is published. */
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  /** P-256. */
  readonly curvePublicKey: KeyObject;
  readonly curvePrivateKey: KeyObject;
}

export interface Session {
  readonly sid: string;
  readonly sub: string;
  readonly roles: readonly string[];
}

export type Algorithm = 'HS256' | 'RS256' | 'ES256';

export const keyId = 'lab-key';
export const issuer = 'https://lab.example';
export const audience = 'lab';
/** RFC 9068 2.1. */
export const accessTokenType = 'at+jwt';

export function signingKeyOf(world: WorldKeys, algorithm: Algorithm): KeyObject {
  return { HS256: world.hmacSecret, RS256: world.privateKey, ES256: world.curvePrivateKey }[algorithm];
}

export function verificationKeyOf(world: WorldKeys, algorithm: Algorithm): KeyObject {
  return { HS256: world.hmacSecret, RS256: world.publicKey, ES256: world.curvePublicKey }[algorithm];
}

/** Null when the claims are not those of an access token. */
export function sessionIn(claims: object): Session | null {
  const { sub, sid, roles }: Partial<Record<keyof Session, unknown>> = { ...claims };
  if (typeof sub !== 'string' || typeof sid !== 'string' || !Array.isArray(roles)) return null;
  return { sub, sid, roles: roles.filter((role) => typeof role === 'string') };
}
