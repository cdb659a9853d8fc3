/**
 * What every strategy with an access token and a refresh token does alike, whatever its access tokens look like: start,
 * refresh and end a session (RFC 6749 5 and 6, RFC 7009, RFC 9700 4.14).
 */

import { confirmGone } from '../application/confirm-gone.ts';
import type { CommandContext, SessionTimes } from '../application/context.ts';
import { refreshSession } from '../application/refresh-session.ts';
import { startSession } from '../application/start-session.ts';
import { terminateSession } from '../application/terminate-session.ts';
import type { RevocationChannel, TerminationReason } from '../domain/events.ts';
import { refreshTokenExpiry } from '../domain/policy.ts';
import { newSessionId } from '../domain/session-id.ts';
import type { Birth } from '../eventlog/port.ts';
import { sha256 } from '../kernel/digest.ts';
import { readFamily } from '../projections/inline/refresh-family.ts';
import { bearerText, bearerToken } from '../tokens/bearer.ts';
import { createRefreshTokens, type RefreshTokens } from '../tokens/refresh-token.ts';
import { countCookie, sessionCookieName } from './cookie-names.ts';
import type { StrategyDependencies } from './family.ts';
import { type RefreshCookie, refreshCookie } from './refresh-cookie.ts';
import type { Exchange, Grant, LoginResult, Principal, RefreshResult, Subject } from './strategy.ts';

/** How a strategy's access tokens are made and read. */
export type AccessTokenFormat = (OpaqueFormat | SelfContainedFormat) & {
  /** The session of an access token that is valid now, else null. Whether it was revoked does not matter here. */
  sessionOf(accessToken: string): SessionRef | null | Promise<SessionRef | null>;
};

/** The log keeps a record under the token's digest. The secret goes with a refresh token: a retry brings the same. */
export interface OpaqueFormat {
  readonly kind: 'opaque';
  tokenOf(sid: string, secret: (size: number) => Buffer): string;
}

export interface SelfContainedFormat {
  readonly kind: 'self-contained';
  sign(principal: Principal, times: SessionTimes, origin: SessionOrigin): string | Promise<string>;
}

/** What a token can be held against later. */
export interface SessionOrigin {
  /** The user's counter at the time of issue. */
  readonly epoch: number;
  /** Of the log that knows the session. */
  readonly birth: Birth | null;
}

export interface SessionRef {
  readonly sub: string;
  readonly sid: string;
}

export interface TokenSessionOptions {
  readonly name: string;
  readonly revocation: RevocationChannel;
  readonly format: AccessTokenFormat;
  readonly dependencies: StrategyDependencies;
}

interface Granted {
  readonly principal: Principal;
  readonly times: SessionTimes;
  readonly origin: SessionOrigin;
  readonly refreshToken: string;
  /** Null where the access token is signed and not looked up. */
  readonly opaque: string | null;
}

export class TokenSession {
  readonly #name: string;
  readonly #revocation: RevocationChannel;
  readonly #format: AccessTokenFormat;
  readonly #context: CommandContext;
  readonly #refreshTokens: RefreshTokens;
  readonly #cookie: RefreshCookie;
  readonly #foreignCookieName: string;

  constructor({ name, revocation, format, dependencies }: TokenSessionOptions) {
    const { context, keys } = dependencies;
    this.#name = name;
    this.#revocation = revocation;
    this.#format = format;
    this.#context = context;
    const purpose = `refresh-token/${name}`;
    const previousKeys = keys.previousSecretsFor(purpose);
    this.#refreshTokens = createRefreshTokens(keys.secretFor(purpose), context.random, previousKeys);
    this.#cookie = refreshCookie(name);
    this.#foreignCookieName = sessionCookieName(name);
  }

  /**
   * The access token of a request: undefined when none was sent, the empty text when what was sent cannot be one. A
   * token in a cookie counts as the latter, and spoils the one beside it: with credentials in two places, nobody can
   * tell which was meant.
   */
  accessTokenOf({ headers }: Exchange): string | undefined {
    return this.#isSpoiled(headers) ? '' : bearerToken(headers.authorization);
  }

  /** The same, but for the characters that it is made of: for a verifier that looks at these unless it knows the text. */
  accessTextOf({ headers }: Exchange): string | undefined {
    return this.#isSpoiled(headers) ? '' : bearerText(headers.authorization);
  }

  /** Round trips: two, and up to three more for a session that is replaced. */
  async login(exchange: Exchange, subject: Subject): Promise<LoginResult> {
    const { sub } = subject;
    await this.#endSessionOf(exchange, 'replaced-by-login');
    const sid = newSessionId(this.#context.log.partitionOfUser(sub), this.#context.random);
    const refreshToken = this.#refreshTokens.first(sid);
    const opaque = this.#opaqueTokenWith(refreshToken, sid);
    const started = await startSession(this.#context, {
      sid,
      sub,
      roles: subject.roles,
      strategy: this.#name,
      revocation: this.#revocation,
      refreshDigest: sha256(refreshToken),
      ...(opaque === null ? {} : { record: { digest: sha256(opaque), lives: 'access-token' } }),
    });
    if (!started.ok) return started;
    const { roles, times } = started;
    const principal = { sub, sid, roles };
    const grant = await this.#grant(exchange, { principal, times, origin: started, refreshToken, opaque });
    return { ok: true, grant };
  }

  /** Three round trips; none for a token that this server did not make. */
  async refresh(exchange: Exchange): Promise<RefreshResult> {
    const presented = this.#cookie.read(exchange) ?? '';
    const sid = this.#refreshTokens.familyOf(presented);
    if (sid === null) return this.#refuse(exchange);
    const successor = this.#refreshTokens.successorOf(presented);
    const opaque = this.#opaqueTokenWith(successor, sid);
    const refreshed = await refreshSession(this.#context, {
      sid,
      strategy: this.#name,
      presentedDigest: sha256(presented),
      successorDigest: sha256(successor),
      ...(opaque === null ? {} : { recordDigest: sha256(opaque) }),
    });
    if (!refreshed.ok) return this.#refuse(exchange);
    const { sub, roles, times } = refreshed;
    const principal = { sub, sid, roles };
    const granted = { principal, times, origin: refreshed, refreshToken: successor, opaque };
    const grant = await this.#grant(exchange, granted);
    return { ok: true, grant };
  }

  /**
   * Ends the session of the access token; without a valid one, that of the refresh token, which counts only if this
   * server made it: a session id alone ends nothing. Where both are given and name different sessions, the access
   * token's ends: it was sent on purpose, while cookies come along. Up to three round trips.
   */
  async logout(exchange: Exchange): Promise<void> {
    const ended = await this.#endSessionOf(exchange, 'logout');
    if (!ended) await this.#confirmGone(exchange);
    this.#cookie.expire(exchange);
  }

  forget(exchange: Exchange): void {
    this.#cookie.expire(exchange);
  }

  #isSpoiled({ cookie }: Exchange['headers']): boolean {
    return cookie !== undefined && countCookie(cookie, this.#foreignCookieName) > 0;
  }

  /** False where the exchange carries no session that is known. */
  async #endSessionOf(exchange: Exchange, reason: TerminationReason): Promise<boolean> {
    const session = (await this.#sessionOfAccessToken(exchange)) ?? (await this.#sessionOfRefreshToken(exchange));
    if (session === null) return false;
    const { sub, sid } = session;
    await terminateSession(this.#context, { sub, sid, reason, revocation: this.#revocation });
    return true;
  }

  async #confirmGone(exchange: Exchange): Promise<void> {
    const sid = this.#refreshTokens.familyOf(this.#cookie.read(exchange) ?? '');
    await confirmGone(this.#context, sid ?? this.accessTokenOf(exchange) ?? '');
  }

  #sessionOfAccessToken(exchange: Exchange): SessionRef | null | Promise<SessionRef | null> {
    const accessToken = this.accessTokenOf(exchange);
    return accessToken === undefined ? null : this.#format.sessionOf(accessToken);
  }

  /** Any token of a living family will do, also one that has been replaced: whoever held it may end what it began. */
  async #sessionOfRefreshToken(exchange: Exchange): Promise<SessionRef | null> {
    const sid = this.#refreshTokens.familyOf(this.#cookie.read(exchange) ?? '');
    if (sid === null) return null;
    const family = await readFamily(this.#context.log, sid);
    return family === null || family.strategy !== this.#name ? null : { sub: family.sub, sid };
  }

  #opaqueTokenWith(refreshToken: string, sid: string): string | null {
    if (this.#format.kind !== 'opaque') return null;
    return this.#format.tokenOf(sid, (size) => this.#refreshTokens.accessSecretOf(refreshToken, size));
  }

  async #grant(exchange: Exchange, { principal, times, origin, refreshToken, opaque }: Granted): Promise<Grant> {
    const format = this.#format;
    const accessToken = format.kind === 'self-contained' ? await format.sign(principal, times, origin) : opaque;
    const { atMillis, sessionExpiresAtMillis, accessTokenExpiresAtMillis } = times;
    const livesMillis = refreshTokenExpiry(this.#context.policy, atMillis, sessionExpiresAtMillis) - atMillis;
    this.#cookie.write(exchange, refreshToken, livesMillis);
    return {
      tokenType: 'Bearer',
      expiresInSeconds: Math.floor((accessTokenExpiresAtMillis - atMillis) / 1000),
      ...(accessToken === null ? {} : { accessToken }),
    };
  }

  /** The client is rid of a token that will never work again. */
  #refuse(exchange: Exchange): RefreshResult {
    this.#cookie.expire(exchange);
    return { ok: false, refusal: 'invalid_grant' };
  }
}
