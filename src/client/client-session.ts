/** The session as a client knows it: the access token, in memory alone, and its renewal (RFC 6749 6, RFC 9700 4.14). */

import { grantFrom, type ReceivedGrant } from './bodies.ts';
import { bodyOf, errorOf } from './client-error.ts';
import type { Exclusive } from './exclusive.ts';

export interface ClientSessionOptions {
  /** Sends one refresh, with a deadline of `refreshDeadlineMillis`. */
  readonly sendRefresh: () => Promise<Response>;
  readonly exclusive: Exclusive;
  readonly pause: (millis: number) => Promise<void>;
  /** Told when the session is lost, not when the user ends it. */
  readonly onLoggedOut: () => void;
}

/**
 * A refresh without an answer may have been done, and is repeated with the same cookie. The server takes a repetition
 * for what it is during its grace (10 s unless configured), and later for a thief's: with three attempts of this
 * length and the pauses between them, the last one starts 7.25 s after the first.
 */
export const refreshDeadlineMillis = 3_000;
const retryPausesMillis: readonly number[] = [250, 1_000];

type RefreshOutcome =
  | { readonly kind: 'renewed'; readonly accessToken: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'failed'; readonly fault: unknown; readonly mayRepeat: boolean };

export class ClientSession {
  readonly #options: ClientSessionOptions;
  #accessToken: string | undefined;
  /** A session that has ended is not refreshed any more. One that has never begun may live on from an earlier page. */
  #ended = false;
  #renewal: Promise<void> | undefined;
  #logins = 0;

  constructor(options: ClientSessionOptions) {
    this.#options = options;
  }

  get accessToken(): string | undefined {
    return this.#accessToken;
  }

  /** Of logins so far: tells an answer to a request of this session from one that is late. */
  get logins(): number {
    return this.#logins;
  }

  begin({ accessToken }: ReceivedGrant): void {
    this.#logins += 1;
    this.#accessToken = accessToken;
    this.#ended = false;
  }

  /** The user has ended it. */
  end(): void {
    this.#accessToken = undefined;
    this.#ended = true;
  }

  /** It has ended without the user's doing. Told once. */
  lose(): void {
    if (this.#ended) return;
    this.end();
    this.#options.onLoggedOut();
  }

  /** `renew`, in its turn and once for all who call meanwhile. */
  renewOnce(refusedToken: string | undefined): Promise<void> {
    if (!this.#needsRenewal(refusedToken)) return Promise.resolve();
    this.#renewal ??= this.#options
      .exclusive(() => this.renew(refusedToken))
      .finally(() => {
        this.#renewal = undefined;
      });
    return this.#renewal;
  }

  /**
   * Gets a new access token, unless the refused one has been replaced meanwhile or the session has ended; a refresh that
   * is refused ends it. To be called by who has the turn. Throws what the last attempt threw, or ClientError, when it
   * remains unknown whether the session can be renewed; then nothing has changed.
   */
  async renew(refusedToken: string | undefined): Promise<void> {
    if (!this.#needsRenewal(refusedToken)) return;
    const accessToken = await this.#refresh();
    if (accessToken === null) this.lose();
    else this.#accessToken = accessToken;
  }

  #needsRenewal(refusedToken: string | undefined): boolean {
    return !this.#ended && this.#accessToken === refusedToken;
  }

  /** The new access token, or null when the refresh was refused. */
  async #refresh(): Promise<string | null> {
    const { sendRefresh, pause } = this.#options;
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await outcomeOf(sendRefresh);
      if (outcome.kind === 'renewed') return outcome.accessToken;
      if (outcome.kind === 'refused') return null;
      const pauseMillis = retryPausesMillis[attempt];
      if (pauseMillis === undefined || !outcome.mayRepeat) throw outcome.fault;
      await pause(pauseMillis);
    }
  }
}

async function outcomeOf(sendRefresh: () => Promise<Response>): Promise<RefreshOutcome> {
  try {
    const response = await sendRefresh();
    if (response.ok) {
      const { accessToken } = await bodyOf(response, bearerGrantFrom);
      return { kind: 'renewed', accessToken };
    }
    const fault = await errorOf(response);
    // Where there is no such route (RFC 9110 15.5.5, 15.5.6), nobody can renew what was refused.
    const noRoute = response.status === 404 || response.status === 405;
    if (noRoute || fault.problem.error === 'invalid_grant') return { kind: 'refused' };
    return { kind: 'failed', fault, mayRepeat: response.status >= 500 };
  } catch (fault) {
    return { kind: 'failed', fault, mayRepeat: true };
  }
}

function bearerGrantFrom(body: unknown): { readonly accessToken: string } | null {
  const accessToken = grantFrom(body)?.accessToken;
  return accessToken === undefined ? null : { accessToken };
}
