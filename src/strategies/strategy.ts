/** What a way of staying logged in must be able to do, and the traits by which tests, scenarios and reports judge it. */

import type { IncomingHttpHeaders } from 'node:http';
import type { RevocationChannel } from '../domain/events.ts';
import type { DesignedFailure } from './by-design.ts';

/** Facts about a strategy, as data. Nothing outside its own file switches on a strategy's name. */
export interface Traits {
  readonly family: string;
  /** Where the credential for `/profile` travels. */
  readonly transport: 'bearer' | 'cookie' | 'ignored';
  /** Where the state consulted on every request lives. */
  readonly stateLocation:
    | 'nowhere'
    | 'redis'
    | 'redis and node memory'
    | 'cookie'
    | 'token'
    | 'token and redis'
    | 'token and node memory';
  /** Redis commands that one verification sends: the parity proof measures against it. */
  readonly redisCommandsPerCheck: 0 | 1;
  /** How a revocation reaches the requests that follow it. */
  readonly revocation: RevocationChannel;
  /**
   * The published bound B: after an acknowledged revocation no node accepts the credential in a request received later
   * than this. `zero`: at once. `staleness-limit`: the configured S. `remaining-lifetime`: until the credential
   * expires, plus leeway. `unbounded`: nothing is checked at all (the reference).
   */
  readonly bound: 'zero' | 'staleness-limit' | 'remaining-lifetime' | 'unbounded';
  /**
   * Which credentials the end of one session refuses. `its-own`: those of the session. `all-of-the-user`: every access
   * token of the user, because one counter guards them all; their other sessions live on and refresh. `none`: it cannot
   * refuse any.
   */
  readonly logoutRefuses: 'its-own' | 'all-of-the-user' | 'none';
  /** When a user's changed roles count for a session that has begun; `never` where nothing is checked. */
  readonly rolesChange:
    | 'at-once'
    | 'within-the-staleness-limit'
    | 'at-once-by-refresh'
    | 'at-the-next-refresh'
    | 'at-the-next-login'
    | 'never';
  /** Whether it issues refresh tokens (and so answers `POST /auth/refresh`). */
  readonly refresh: boolean;
  /** What happens on `/profile` while Redis cannot be reached. */
  readonly withoutRedis: 'unaffected' | 'refuses' | 'refuses after the staleness limit';
  /** Rows of the security checklist that it fails by its very nature; never a surprise, and never hidden. */
  readonly failsByDesign: readonly DesignedFailure[];
  /** Signature of the credential, as a parity proof; absent when it carries none. */
  readonly signature?: SignatureFacts;
}

export interface SignatureFacts {
  /** JWS `alg` (RFC 7518), or the cookie signature's digest. */
  readonly algorithm: string;
  readonly keyBits: number;
  readonly library: string;
  readonly libraryVersion: string;
  /** How the library is used; absent where it is as best it can. The library is the subject. */
  readonly usage?: string;
}

/** Who a request speaks for. */
export interface Principal {
  readonly sub: string;
  readonly sid: string;
  readonly roles: readonly string[];
}

/** A user whose password has just been checked. */
export interface Subject {
  readonly sub: string;
  readonly roles: readonly string[];
}

/**
 * What a verification found. `no_credential`: nothing of ours was sent. `invalid_token`: refused (RFC 6750 3.1).
 * `unknown`: it cannot be told whether the credential was revoked; the answer is 503, never 200.
 */
export type Authentication =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly refusal: 'no_credential' | 'invalid_token' | 'unknown' };

/** What a login or refresh hands to the client in the body; cookies have been set on the exchange. */
export interface Grant {
  readonly tokenType: 'Bearer' | 'Cookie';
  readonly expiresInSeconds: number;
  readonly accessToken?: string;
}

export type LoginResult =
  | { readonly ok: true; readonly grant: Grant }
  | { readonly ok: false; readonly refusal: 'user_disabled' };

export type RefreshResult =
  | { readonly ok: true; readonly grant: Grant }
  | { readonly ok: false; readonly refusal: 'invalid_grant' };

export interface CookieOptions {
  readonly httpOnly: true;
  readonly secure: true;
  readonly sameSite: 'strict' | 'lax';
  readonly path: string;
  readonly signed: false;
  readonly overwrite: true;
  readonly maxAge?: number;
  readonly expires?: Date;
}

/** As much of one HTTP exchange as a strategy may see and do. Koa's context has this shape. */
export interface Exchange {
  readonly headers: IncomingHttpHeaders;
  readonly cookies: {
    get(name: string, options: { signed: false }): string | undefined;
    set(name: string, value: string | null, options: CookieOptions): unknown;
  };
  /** Path prefix under which the strategy was reached: `/jwt-hs256`, or the empty text at the root. */
  readonly mountPath: string;
}

/** As much of a Koa application as a strategy may touch while it is mounted. */
export interface HostApplication {
  keys: unknown;
  readonly context: object;
  use(middleware: (exchange: never, next: () => Promise<void>) => Promise<void>): unknown;
}

export interface Strategy {
  /** Generated from family and parameters: `jwt-rs256`. Also its mount path and its audience. */
  readonly name: string;
  readonly traits: Traits;
  /**
   * Adds middleware of its own before the routes; only the koa-session families need it. Their exchanges are contexts
   * of an application they were mounted in. One strategy may be mounted in several, an application takes only one.
   */
  mount?(application: HostApplication): void;
  /**
   * Starts a session for a user whose password is right, and puts what the client must keep where it belongs.
   * A session that the exchange already carries ends.
   */
  login(exchange: Exchange, subject: Subject): Promise<LoginResult>;
  /**
   * Judges a request. Synchronous where no look-up is needed: the caller awaits only promises.
   * Throws ERR_LOG_UNAVAILABLE when a look-up was needed and had no answer.
   */
  authenticate(exchange: Exchange): Authentication | Promise<Authentication>;
  /** Rotates the refresh token; present exactly when the trait `refresh` is true. */
  refresh?(exchange: Exchange): Promise<RefreshResult>;
  /**
   * Ends the session the exchange carries and expires its cookies. Returns when the end is durable as configured; an
   * unknown, expired or ended session is a success (RFC 7009 2.2). Throws when it could not be made durable.
   */
  logout(exchange: Exchange): Promise<void>;
  /** Expires this strategy's cookies at the client, whose session has been ended otherwise. Asks and tells nobody. */
  forget(exchange: Exchange): void;
}
