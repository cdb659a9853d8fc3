/** The steps of a session as a client takes them over one connection: log in, refresh, log out. */

import { type Clock, systemClock } from '../../src/kernel/clock.ts';
import type { Contestant } from './contestant.ts';
import { type Credential, credentialFrom } from './credential.ts';
import type { ExchangeConnection, Exchanged } from './exchange.ts';
import { type PlannedRequest, revokeRequest } from './log-in.ts';

export interface SessionStep {
  readonly exchanged: Exchanged;
  /** What the client holds afterwards; null when the step was refused, or came with nothing that could be shown. */
  readonly credential: Credential | null;
}

const jsonContent = { 'content-type': 'application/json' };

export class SessionClient {
  readonly #contestant: Contestant;
  readonly #connection: ExchangeConnection;
  readonly #clock: Clock;

  constructor(contestant: Contestant, connection: ExchangeConnection, clock: Clock = systemClock) {
    this.#contestant = contestant;
    this.#connection = connection;
    this.#clock = clock;
  }

  logIn(user: string): Promise<SessionStep> {
    const { path, body } = this.#contestant.login;
    const fields = Object.entries(body).map(([field, value]) => [field, value.replaceAll('{user}', user)]);
    const text = JSON.stringify(Object.fromEntries(fields));
    return this.#obtain(user, { method: 'POST', path, headers: jsonContent, body: text });
  }

  /** The answer brings all that is needed: a new access token, and the cookie for the next refresh. */
  refresh(credential: Credential, path: string): Promise<SessionStep> {
    const headers = { ...credential.headersFor(path), ...jsonContent };
    return this.#obtain(credential.user, { method: 'POST', path, headers, body: '{}' });
  }

  /** Holds the same credential afterwards, which is worth nothing any more. */
  async logOut(credential: Credential): Promise<SessionStep> {
    const exchanged = await this.#connection.ask(revokeRequest(this.#contestant, credential));
    return { exchanged, credential: exchanged.status >= 200 && exchanged.status < 300 ? credential : null };
  }

  async #obtain(user: string, request: PlannedRequest): Promise<SessionStep> {
    const exchanged = await this.#connection.ask(request);
    if (exchanged.status !== 200) return { exchanged, credential: null };
    const result = credentialFrom(this.#contestant, user, exchanged, this.#clock);
    return { exchanged, credential: result.ok ? result.credential : null };
  }
}
