/** The parts of a small JWT server, each the careful way. A broken variant replaces as few of them as its mistake needs. */

import type { KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { Clock } from '../../../src/kernel/clock.ts';
import type { RandomBytes } from '../../../src/kernel/random.ts';
import { Sessions } from './sessions.ts';

/** What the variants of one process share. */
export interface World {
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** What a login says, and what a token should keep to. */
  readonly accessTokenLifetimeSeconds: number;
  readonly hmacSecret: KeyObject;
  /** RSA; the public key is published. */
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export interface Session {
  readonly sid: string;
  readonly sub: string;
  readonly roles: readonly string[];
}

export interface Parts {
  readonly sessions: Sessions;
  /** The access token that a login or a refresh hands out. */
  issue(session: Session): string;
  /** Whom a token speaks for; null refuses it. Whether the session has ended is asked afterwards. */
  read(accessToken: string): Session | null;
  /** The user has logged out. */
  end(sid: string): void;
  /** A refresh token for its successor; null refuses it. */
  exchange(refreshToken: string): Exchanged | null;
}

export interface Exchanged {
  readonly session: Session;
  readonly refreshToken: string;
}

/** One mistake: what it replaces of the careful parts. */
export type Mistake = (careful: Parts, world: World) => Partial<Parts>;

export type Algorithm = 'HS256' | 'RS256';

export const keyId = 'lab-key';
const issuer = 'https://lab.example';
const audience = 'lab';
/** RFC 9068 2.1. */
const accessTokenType = 'at+jwt';

/** Without any mistake. */
export function carefulParts(world: World, algorithm: Algorithm): Parts {
  const sessions = new Sessions(world.random);
  const signingKey = algorithm === 'HS256' ? world.hmacSecret : world.privateKey;
  const verificationKey = algorithm === 'HS256' ? world.hmacSecret : world.publicKey;
  return {
    sessions,
    issue: (session) => signed(claimsOf(session, world), signingKey, algorithm),
    read: (accessToken) => verified(accessToken, verificationKey, { world, algorithms: [algorithm], expires: true }),
    end: (sid) => sessions.end(sid),
    exchange: (refreshToken) => sessions.rotate(refreshToken),
  };
}

/** The claims of RFC 9068 2.2, and nothing that is nobody's business. */
export function claimsOf({ sid, sub, roles }: Session, world: World): Record<string, unknown> {
  const iat = Math.floor(world.clock.wallMillis() / 1_000);
  const jti = world.random(16).toString('base64url');
  return {
    iss: issuer,
    aud: audience,
    sub,
    sid,
    jti,
    client_id: audience,
    roles,
    iat,
    exp: iat + world.accessTokenLifetimeSeconds,
  };
}

export function signed(claims: object, key: KeyObject, algorithm: Algorithm): string {
  return jwt.sign(claims, key, { algorithm, keyid: keyId, header: { alg: algorithm, typ: accessTokenType } });
}

export interface Demands {
  readonly world: World;
  readonly algorithms: jwt.Algorithm[];
  /** Whether a token must have an expiry: jsonwebtoken itself is content without. */
  readonly expires: boolean;
}

/** Signature, times, issuer and audience, by jsonwebtoken. */
export function verified(
  accessToken: string,
  key: jwt.Secret,
  { world, algorithms, expires }: Demands,
): Session | null {
  try {
    const clockTimestamp = Math.floor(world.clock.wallMillis() / 1_000);
    const claims = jwt.verify(accessToken, key, { algorithms, issuer, audience, clockTimestamp });
    return typeof claims === 'object' && (!expires || typeof claims.exp === 'number') ? sessionIn(claims) : null;
  } catch {
    return null;
  }
}

/** Null when the claims are not those of an access token. */
export function sessionIn(claims: object): Session | null {
  const { sub, sid, roles }: Partial<Record<keyof Session, unknown>> = { ...claims };
  if (typeof sub !== 'string' || typeof sid !== 'string' || !Array.isArray(roles)) return null;
  return { sub, sid, roles: roles.filter((role) => typeof role === 'string') };
}
