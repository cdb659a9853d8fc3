/** A client that has logged in: what it keeps, and the headers by which it shows it. */

import type { Clock } from '../../src/kernel/clock.ts';
import type { Contestant } from './contestant.ts';
import { CookieJar } from './cookie-jar.ts';

/** What a login gave, as it came. */
export interface LoginAnswer {
  /** `Set-Cookie` lines, without the field's name. */
  readonly setCookies: readonly string[];
  readonly body: string;
}

export type CredentialRefusal = 'a body that is not JSON' | 'no bearer token';

export type CredentialResult =
  | { readonly ok: true; readonly credential: Credential }
  | { readonly ok: false; readonly reason: CredentialRefusal };

/** Reads a login's answer (status 200) as a client of this contestant would. */
export function credentialFrom(
  contestant: Contestant,
  user: string,
  answer: LoginAnswer,
  clock: Clock,
): CredentialResult {
  const jar = new CookieJar();
  for (const line of answer.setCookies) jar.store(line, contestant.login.path, clock.wallMillis());
  const token = bearerToken(contestant, answer.body);
  if (typeof token === 'object' && token !== null) return { ok: false, reason: token.reason };
  return { ok: true, credential: new Credential(user, token, jar, contestant.refreshPath, clock) };
}

export class Credential {
  readonly user: string;
  /** Monotonic time of the login's answer: the credential was issued then, or a little before. */
  readonly obtainedAtMillis: number;
  readonly #bearerToken: string | null;
  readonly #jar: CookieJar;
  readonly #refreshPath: string | null;
  readonly #clock: Clock;

  constructor(user: string, bearerToken: string | null, jar: CookieJar, refreshPath: string | null, clock: Clock) {
    this.user = user;
    this.obtainedAtMillis = clock.monotonicMillis();
    this.#bearerToken = bearerToken;
    this.#jar = jar;
    this.#refreshPath = refreshPath;
    this.#clock = clock;
  }

  /**
   * The `authorization` and `cookie` headers a real client sends to a path. The refresh route is not sent the access
   * token: a client goes there because that has expired (RFC 6749 6).
   */
  headersFor(path: string): Readonly<Record<string, string>> {
    const cookie = this.#jar.header(path, this.#clock.wallMillis());
    return {
      ...(this.#bearerToken === null || path === this.#refreshPath
        ? {}
        : { authorization: `Bearer ${this.#bearerToken}` }),
      ...(cookie === null ? {} : { cookie }),
    };
  }
}

function bearerToken(contestant: Contestant, body: string): string | null | { readonly reason: CredentialRefusal } {
  if (contestant.bearerTokenField === null) return null;
  try {
    const parsed: unknown = JSON.parse(body);
    const fields: Readonly<Record<string, unknown>> =
      typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
    const token = fields[contestant.bearerTokenField];
    return typeof token === 'string' && token !== '' ? token : { reason: 'no bearer token' };
  } catch {
    return { reason: 'a body that is not JSON' };
  }
}
