/** Verifies an access token as RFC 8725 and RFC 9068 ask; a broken variant leaves one of these checks out. */

import { createHmac, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import {
  type Algorithm,
  accessTokenType,
  audience,
  issuer,
  keyId,
  type Session,
  sessionIn,
  verificationKeyOf,
  type World,
} from './claims.ts';

export type Members = Readonly<Record<string, unknown>>;

/** Every check there is; one that is false is left out. */
export interface Checks {
  /** Each part is the one spelling of its bytes (RFC 4648 3.5), and of its JSON. */
  readonly spelling: boolean;
  readonly algorithm: boolean;
  readonly type: boolean;
  readonly key: boolean;
  /** No header parameter that is not understood (RFC 7515 4.1.11). */
  readonly header: boolean;
  readonly signature: boolean;
  readonly issuer: boolean;
  readonly audience: boolean;
  readonly expiry: boolean;
  readonly notBefore: boolean;
}

const allChecks: Checks = {
  spelling: true,
  algorithm: true,
  type: true,
  key: true,
  header: true,
  signature: true,
  issuer: true,
  audience: true,
  expiry: true,
  notBefore: true,
};

export interface Reading {
  readonly world: World;
  readonly algorithm: Algorithm;
  readonly kid?: string;
  readonly without?: keyof Checks | readonly (keyof Checks)[];
  /** What verifies; by the key of the world unless told. */
  readonly verifies?: (header: Members, input: string, signature: Buffer) => boolean;
}

export function readToken(token: string, reading: Reading): Session | null {
  const { world, algorithm, kid = keyId, without = [] } = reading;
  const left = new Set([without].flat());
  const demands = (check: keyof Checks, holds: boolean) => holds || left.has(check) || !allChecks[check];
  const [header = '', payload = '', signature = '', ...more] = token.split('.');
  const opened = { header: membersOf(header), claims: membersOf(payload) };
  if (opened.header === null || opened.claims === null || more.length > 0) return null;
  const bytes = Buffer.from(signature, 'base64url');
  const { alg, typ, kid: named, ...others } = opened.header;
  const verifies =
    reading.verifies ??
    ((_header, input, made) => verifiesBy(verificationKeyOf(world, algorithm), algorithm, input, made));
  const now = world.clock.wallMillis() / 1_000;
  const { iss, aud, exp, nbf } = opened.claims;
  const isGood =
    demands('spelling', isSpelled(header, opened.header) && isSpelled(payload, opened.claims)) &&
    demands('spelling', bytes.toString('base64url') === signature) &&
    demands('algorithm', alg === algorithm) &&
    demands('type', typ === accessTokenType) &&
    demands('key', named === kid) &&
    demands('header', Object.keys(others).length === 0) &&
    demands('issuer', iss === issuer) &&
    demands('audience', aud === audience) &&
    demands('expiry', Number.isSafeInteger(exp) && Number(exp) > now) &&
    demands('notBefore', nbf === undefined || (Number.isSafeInteger(nbf) && Number(nbf) <= now)) &&
    demands('signature', verifies(opened.header, `${header}.${payload}`, bytes));
  return isGood ? sessionIn(opened.claims) : null;
}

/** By the algorithm that the server has chosen. */
export function verifiesBy(key: KeyObject, algorithm: Algorithm, input: string, signature: Buffer): boolean {
  const bytes = Buffer.from(input);
  switch (algorithm) {
    case 'HS256': {
      const expected = createHmac('sha256', key).update(bytes).digest();
      return expected.length === signature.length && timingSafeEqual(expected, signature);
    }
    case 'RS256':
      return verify('sha256', bytes, key, signature);
    case 'ES256':
      return signature.length === 64 && verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, signature);
  }
}

/** Null when it is no JSON object. */
export function membersOf(part: string): Members | null {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Members) : null;
  } catch {
    return null;
  }
}

function isSpelled(part: string, members: Members): boolean {
  return Buffer.from(JSON.stringify(members)).toString('base64url') === part;
}
