/** The parts of a small server, each the careful way. A broken variant replaces as few of them as its mistake needs. */

import { createHmac, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import {
  type Algorithm,
  accessTokenType,
  audience,
  issuer,
  keyId,
  type Session,
  sessionIn,
  signingKeyOf,
  verificationKeyOf,
  type World,
} from './claims.ts';
import { carefulDoors, type Doors } from './doors.ts';
import { readToken } from './read-token.ts';
import { Sessions } from './sessions.ts';

export interface Parts extends Doors {
  readonly sessions: Sessions;
  /** A session for a user whose password is right; `presented` is the credential that the login came with. */
  start(sub: string, presented: string | undefined): Exchanged;
  /** The access token, or the session cookie, that a login or a refresh hands out. */
  issue(session: Session): string;
  /** Whom a token speaks for; null refuses it. Whether the session has ended is asked afterwards. */
  read(accessToken: string): Session | null | Promise<Session | null>;
  /** Whether what it was read from still counts. */
  isLive(session: Session, accessToken: string): boolean;
  /** The user has logged out. */
  end(sid: string, accessToken: string): void;
  /** The user has logged out everywhere. */
  endAll(sub: string): void;
  /** A refresh token for its successor; null refuses it. */
  exchange(refreshToken: string): Exchanged | null | Promise<Exchanged | null>;
  /** Another key signs from now on, and what the old one signed is not accepted. */
  rotateKeys(): void;
  /** JWK Set (RFC 7517 5). */
  keySet(): object;
}

export interface Exchanged {
  readonly session: Session;
  readonly refreshToken: string;
}

/** One mistake: what it replaces of the careful parts. */
export type Mistake = (careful: Parts, world: World) => Partial<Parts>;

/** A server that makes one mistake, and what it is otherwise. */
export interface BrokenVariant {
  readonly algorithm: Algorithm;
  /** How the credential travels; by bearer token unless told. A cookie is signed, and its session is kept by the server. */
  readonly transport?: 'bearer' | 'cookie';
  readonly mistake: Mistake;
}

/** Without any mistake. */
export function carefulParts(world: World, { algorithm, transport = 'bearer' }: Omit<BrokenVariant, 'mistake'>): Parts {
  const sessions = new Sessions(world.random);
  let generation = 1;
  const kid = () => (generation === 1 ? keyId : `${keyId}-${generation}`);
  const parts = {
    ...carefulDoors(transport),
    sessions,
    start: (sub: string) => sessions.start(sub, rolesOf(sub)),
    issue: (session: Session) => signed(claimsOf(session, world), signingKeyOf(world, algorithm), algorithm, kid()),
    read: (accessToken: string) => readToken(accessToken, { world, algorithm, kid: kid() }),
    isLive: ({ sid, sub }: Session) => sessions.named(sid)?.sub === sub,
    end: (sid: string) => sessions.end(sid),
    endAll: (sub: string) => sessions.endAll(sub),
    exchange: (refreshToken: string) => sessions.rotate(refreshToken),
    rotateKeys: () => {
      generation += 1;
    },
    keySet: () => ({ keys: algorithm === 'HS256' ? [] : [publicJwk(world, algorithm, kid())] }),
  };
  if (transport === 'bearer') return parts;
  return {
    ...parts,
    // A name for a session, and a signature under that name alone.
    issue: ({ sid, sub, roles }) => signedCookie({ sid, sub, roles }, world),
    read: (value) => readCookie(value, world),
  };
}

function rolesOf(sub: string): readonly string[] {
  return sub.startsWith('admin-') ? ['user', 'admin'] : ['user'];
}

function publicJwk(world: World, algorithm: Algorithm, kid: string): object {
  return { ...verificationKeyOf(world, algorithm).export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' };
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

export function signed(claims: object, key: KeyObject, algorithm: Algorithm, kid = keyId): string {
  return jwt.sign(claims, key, { algorithm, keyid: kid, header: { alg: algorithm, typ: accessTokenType } });
}

/** `<members in base64url>.<signature>`. */
export function signedCookie(session: Session, world: World): string {
  const payload = Buffer.from(JSON.stringify(session)).toString('base64url');
  return `${payload}.${cookieSignature(payload, world)}`;
}

export function cookieSignature(payload: string, { hmacSecret }: World): string {
  return createHmac('sha256', hmacSecret).update(payload).digest('base64url');
}

export function readCookie(value: string, world: World): Session | null {
  const [payload = '', signature = ''] = value.split('.');
  return signature === cookieSignature(payload, world) ? membersOf(payload) : null;
}

/** What a cookie says, whoever signed it. */
export function membersOf(payload: string): Session | null {
  try {
    return sessionIn(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  } catch {
    return null;
  }
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
