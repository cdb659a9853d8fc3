/** A server in memory for the tests of the client, behind a `fetch`: it keeps tokens, counts, waits and fails as told. */

import { type Client, type ClientOptions, createClient } from './client.ts';

const baseUrl = 'https://api.test';
const strategy = 'jwt-hs256';

export interface SentRequest {
  readonly method: string;
  /** Under the mount. */
  readonly path: string;
  readonly token: string | undefined;
  readonly headers: Headers;
  readonly init: RequestInit;
}

type Handler = (request: SentRequest) => Response | Promise<Response>;

/** An answer that comes when it is let go. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

export function gate(): Gate {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

export function json(status: number, body: object, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
}

export function problem(name: string, status: number, more: object = {}, headers: Record<string, string> = {}) {
  const body = { type: `urn:authlab:problem:${name}`, title: `It is ${name}.`, status, ...more };
  return json(status, body, { 'content-type': 'application/problem+json', ...headers });
}

export const invalidToken = (): Response =>
  problem(
    'invalid-token',
    401,
    { error: 'invalid_token' },
    { 'www-authenticate': 'Bearer realm="x", error="invalid_token"' },
  );
export const noCredential = (): Response =>
  problem('no-credential', 401, {}, { 'www-authenticate': 'Bearer realm="x"' });
export const invalidGrant = (): Response => problem('invalid-grant', 401, { error: 'invalid_grant' });
export const unavailable = (): Response => problem('unavailable', 503, {}, { 'retry-after': '1' });

export class ScriptedServer {
  readonly requests: SentRequest[] = [];
  /** How refreshes are answered, one after the other; when there is none left, with a new token. */
  readonly refreshes: Handler[] = [];
  /** Of paths that are not answered as a server does. */
  readonly routes = new Map<string, Handler>();
  /** The access token that is accepted now. */
  valid: string | undefined;
  #issued = 0;

  /** `fetch`, as a browser has it: no method of anything. */
  readonly fetch: typeof globalThis.fetch = answerBy((url, init) => this.#answer(url, init));

  /** A new access token; the one before is accepted no more. */
  issue(): Response {
    this.#issued += 1;
    this.valid = `token-${this.#issued}`;
    return json(200, { token_type: 'Bearer', expires_in: 900, access_token: this.valid });
  }

  sent(path: string): readonly SentRequest[] {
    return this.requests.filter((request) => request.path === path);
  }

  async #answer(url: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    const path = new URL(url).pathname.replace(/^\/[^/]+/, '');
    const token = headers.get('authorization')?.replace('Bearer ', '');
    const request: SentRequest = { method: init.method ?? 'GET', path, token, headers, init };
    this.requests.push(request);
    const route = this.routes.get(path);
    if (route !== undefined) return route(request);
    if (path === '/auth/login') return this.issue();
    if (path === '/auth/refresh') return (this.refreshes.shift() ?? (() => this.issue()))(request);
    if (path === '/auth/logout') {
      this.valid = undefined;
      return new Response(null, { status: 204 });
    }
    if (token === undefined) return noCredential();
    return token === this.valid ? json(200, { sub: 'alice', sid: '0.1', roles: ['user'] }) : invalidToken();
  }
}

function answerBy(answer: (url: string, init: RequestInit) => Promise<Response>): typeof globalThis.fetch {
  return function fetch(this: unknown, input, init = {}) {
    if (this !== undefined) throw new TypeError('Illegal invocation');
    return answer(String(input), init);
  };
}

export interface Scripted {
  readonly server: ScriptedServer;
  readonly client: Client;
  /** Pauses that were asked for, in milliseconds; none is made. */
  readonly pauses: number[];
  /** How often the loss of the session was told. */
  readonly losses: () => number;
}

export function scripted(options: Partial<ClientOptions> = {}): Scripted {
  const server = new ScriptedServer();
  const pauses: number[] = [];
  let losses = 0;
  const client = createClient({
    baseUrl,
    strategy,
    fetch: server.fetch,
    pause: async (millis) => void pauses.push(millis),
    onLoggedOut: () => {
      losses += 1;
    },
    ...options,
  });
  return { server, client, pauses, losses: () => losses };
}

/** Logged in, with an access token that is accepted no more. */
export async function withOldToken(options: Partial<ClientOptions> = {}): Promise<Scripted> {
  const all = scripted(options);
  await all.client.login('alice', 'secret');
  all.server.valid = undefined;
  all.server.requests.length = 0;
  return all;
}
