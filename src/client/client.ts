/**
 * The typed client of an authlab server, for browsers and Node, on `fetch` and nothing else. The access token is kept
 * in memory alone; session and refresh tokens are the cookie jar's business and never seen here.
 */

import { type Grant, grantFrom, type Profile, profileFrom, type SessionInfo, sessionsFrom } from './bodies.ts';
import { bodyOf, expectSuccess } from './client-error.ts';
import { ClientSession, refreshDeadlineMillis } from './client-session.ts';
import { browserLocks, type Exclusive, exclusively, type Locks } from './exclusive.ts';
import { refusesCookie, refusesToken } from './refusals.ts';
import { isResendable, untilAborted } from './requests.ts';

export interface ClientOptions {
  /** Of the server, `http:` or `https:`, with the path it is published under, if any. In a browser it may be relative. */
  readonly baseUrl: string;
  /** Name, and so the mount, of a strategy. Absent: the server's default strategy. */
  readonly strategy?: string;
  /** The platform's, unless given. Node has no cookie jar: give it `cookieFetch(fetch)`. */
  readonly fetch?: typeof globalThis.fetch;
  /** Whether cookies travel to a server of another origin than the page's: `include` lets them. `same-origin` by default. */
  readonly credentials?: 'same-origin' | 'include';
  /**
   * Told once when the session turns out to be over without a call of `logout` or `logoutAll`: refused a refresh, or its
   * cookie refused. A login begins the next session.
   */
  readonly onLoggedOut?: () => void;
  /** Keeps refreshes of several tabs apart: a browser's Web Locks, unless given. Null: this client's calls alone. */
  readonly locks?: Locks | null;
  /** Waits. By a timer, unless given. */
  readonly pause?: (millis: number) => Promise<void>;
}

/**
 * All methods reject with what `fetch` rejects with when there is no answer. The named ones reject with ClientError when
 * the answer is not a success, and after 10 s without one.
 *
 * A request that is answered with 401 because of its access token waits for one refresh, which all such requests share,
 * and is sent once more; a 401 after that is the answer. A refresh that is refused ends the session, and the first 401
 * is the answer. When a refresh has no clear outcome after three attempts, the requests that waited for it reject.
 */
export interface Client {
  /** Starts a session; one that this client has ends. Rejects with status 401 when username or password are wrong. */
  login(username: string, password: string): Promise<Grant>;
  /** Ends this session. When it rejects, the session must be taken to live on, here and at the server. */
  logout(): Promise<void>;
  /** Ends every session of this user. When it rejects: as `logout`. */
  logoutAll(): Promise<void>;
  profile(): Promise<Profile>;
  /** The user's sessions, newest first. */
  sessions(): Promise<readonly SessionInfo[]>;
  /** Ends one of the user's own sessions. */
  endSession(sid: string): Promise<void>;
  /** Ends the user's other sessions too. */
  changePassword(current: string, next: string): Promise<void>;
  /**
   * A call of the application's own to a path under the mount, as `fetch` does it, with the access token. Resolves with
   * any answer. A body that can be read only once, a stream, is not sent again: its 401 is the answer, after the refresh.
   * A request with an `Authorization` header of its own is left alone.
   */
  request(path: string, init?: RequestInit): Promise<Response>;
}

const deadlineMillis = 10_000;

export function createClient(options: ClientOptions): Client {
  return new FetchClient(options);
}

/** How a request gets another access token for the one that was refused. */
type Renew = (refusedToken: string | undefined) => Promise<void>;

class FetchClient implements Client {
  readonly #mountUrl: string;
  readonly #fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly #exclusive: Exclusive;
  readonly #session: ClientSession;

  constructor(options: ClientOptions) {
    const { baseUrl, strategy, credentials = 'same-origin', locks = browserLocks() } = options;
    const fetch = options.fetch ?? globalThis.fetch;
    this.#mountUrl = mountUrl(baseUrl, strategy);
    // Called as a bare function: a browser's fetch refuses to be the method of anything else.
    this.#fetch = (url, init) => fetch(url, { credentials, ...init });
    this.#exclusive = exclusively(locks, `authlab ${this.#mountUrl}`);
    this.#session = new ClientSession({
      sendRefresh: () => this.#send('/auth/refresh', post(undefined, refreshDeadlineMillis), undefined),
      exclusive: this.#exclusive,
      pause: options.pause ?? ((millis) => new Promise((resolve) => setTimeout(resolve, millis))),
      onLoggedOut: options.onLoggedOut ?? (() => {}),
    });
  }

  login(username: string, password: string): Promise<Grant> {
    return this.#exclusive(async () => {
      const { accessToken } = this.#session;
      const response = await this.#send('/auth/login', post({ username, password }), accessToken);
      const grant = await bodyOf(response, grantFrom);
      this.#session.begin(grant);
      const { tokenType, expiresInSeconds } = grant;
      return { tokenType, expiresInSeconds };
    });
  }

  logout(): Promise<void> {
    return this.#exclusive(async () => {
      await expectSuccess(await this.#send('/auth/logout', post(), this.#session.accessToken));
      this.#session.end();
    });
  }

  logoutAll(): Promise<void> {
    return this.#exclusive(async () => {
      await expectSuccess(await this.#sendInTurn('/auth/logout-all', () => post()));
      this.#session.end();
    });
  }

  async profile(): Promise<Profile> {
    return bodyOf(await this.request('/profile', get()), profileFrom);
  }

  async sessions(): Promise<readonly SessionInfo[]> {
    return bodyOf(await this.request('/auth/sessions', get()), sessionsFrom);
  }

  async endSession(sid: string): Promise<void> {
    const init = { ...post(), method: 'DELETE' };
    await expectSuccess(await this.request(`/auth/sessions/${encodeURIComponent(sid)}`, init));
  }

  changePassword(current: string, next: string): Promise<void> {
    return this.#exclusive(async () => {
      await expectSuccess(await this.#sendInTurn('/auth/password', () => post({ current, next })));
    });
  }

  async request(path: string, init: RequestInit = {}): Promise<Response> {
    if (!path.startsWith('/')) throw new TypeError('A path starts with a slash.');
    if (new Headers(init.headers).has('authorization')) return this.#send(path, init, undefined);
    const renew: Renew = (refused) => untilAborted(this.#session.renewOnce(refused), init.signal);
    return this.#sendRenewing(path, () => init, renew);
  }

  /** For calls that change the credentials themselves: a refresh that they need is part of their turn. */
  #sendInTurn(path: string, init: () => RequestInit): Promise<Response> {
    return this.#sendRenewing(path, init, (refused) => this.#session.renew(refused));
  }

  async #sendRenewing(path: string, init: () => RequestInit, renew: Renew): Promise<Response> {
    const { accessToken: sentToken, logins } = this.#session;
    const firstInit = init();
    const response = await this.#send(path, firstInit, sentToken);
    if ((await refusesCookie(response)) && logins === this.#session.logins) this.#session.lose();
    if (!refusesToken(response, sentToken)) return response;
    await renew(sentToken);
    const { accessToken } = this.#session;
    if (accessToken === undefined || !isResendable(firstInit.body)) return response;
    await response.body?.cancel();
    return this.#send(path, init(), accessToken);
  }

  #send(path: string, init: RequestInit, accessToken: string | undefined): Promise<Response> {
    const headers = new Headers(init.headers);
    if (accessToken !== undefined) headers.set('authorization', `Bearer ${accessToken}`);
    return this.#fetch(this.#mountUrl + path, { ...init, headers });
  }
}

/** Absolute, without a slash at its end: whatever path follows, the token stays with this origin. */
function mountUrl(baseUrl: string, strategy: string | undefined): string {
  const page = (globalThis as { readonly location?: { readonly href: string } }).location?.href;
  const { protocol, origin, pathname } = new URL(baseUrl, page);
  if (protocol !== 'http:' && protocol !== 'https:') throw new TypeError('A base URL starts with http: or https:.');
  const base = origin + pathname.replace(/\/+$/, '');
  return strategy === undefined ? base : `${base}/${strategy}`;
}

function get(): RequestInit {
  return { signal: AbortSignal.timeout(deadlineMillis) };
}

/**
 * A POST of JSON: the media type is part of the server's proof that no foreign page has sent it, so it stands without a
 * body too. A redirect would carry a password to wherever it points.
 */
function post(body?: object, withinMillis = deadlineMillis): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(withinMillis),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}
