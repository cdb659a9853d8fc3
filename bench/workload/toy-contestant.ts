/** A toy server for tests of the harness: its nodes accept and refuse at moments the test knows, with no login store. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Traits } from '../../src/strategies/strategy.ts';
import type { Contestant } from './contestant.ts';

export interface ToyOptions {
  readonly nodes?: number;
  readonly traits?: Partial<Traits>;
  /** For how long after the revoke arrived a node still accepts; never refuses: Infinity. */
  readonly acceptsForMillis?: (node: number) => number;
  /** A node that has refused a revoked credential so many times then accepts it so many times again, once. */
  readonly resurrection?: { readonly afterRefusals: number; readonly acceptances: number };
  readonly acknowledgesAfterMillis?: number;
  readonly revokeStatus?: number;
  readonly lifetimeMillis?: number;
  readonly loginStatus?: number;
  /** Answers this in place of looking; null: looks. */
  readonly override?: (node: number, token: string | null) => number | null;
}

export interface Toy {
  readonly contestant: Contestant;
  /** Answers of the protected resource, by node. */
  readonly served: number[];
  /** Every token that was presented. */
  readonly presented: Set<string>;
  /** While set, nodes answer 503, and a revoke is answered only when it is cleared. */
  stall(): void;
  unstall(): void;
  close(): Promise<void>;
}

interface Session {
  readonly startedAt: number;
  revokedAt: number | null;
  /** Judgements since the first refusal, by node. */
  readonly judgedAfterRefusal: number[];
}

const traits: Traits = {
  family: 'toy',
  transport: 'bearer',
  stateLocation: 'token and node memory',
  redisCommandsPerCheck: 0,
  revocation: 'followed',
  bound: 'staleness-limit',
  logoutRefuses: 'its-own',
  rolesChange: 'at-the-next-refresh',
  refresh: true,
  withoutRedis: 'refuses',
  failsByDesign: [],
};

export async function startToy(options: ToyOptions = {}): Promise<Toy> {
  const state = new ToyState(options);
  const servers = Array.from({ length: options.nodes ?? 2 }, (_, node) =>
    createServer((request, response) => void state.serve(node, request, response)),
  );
  const nodes = await Promise.all(servers.map(listen));
  const contestant: Contestant = {
    name: 'toy',
    nodes,
    login: { path: '/auth/login', body: { username: '{user}', password: 'any' } },
    bearerTokenField: 'access_token',
    protectedPath: '/profile',
    refreshPath: '/auth/refresh',
    revokePath: '/auth/logout',
    traits: { ...traits, ...options.traits },
  };
  return {
    contestant,
    served: state.served,
    presented: state.presented,
    stall: () => state.stall(),
    unstall: () => state.unstall(),
    async close() {
      state.unstall();
      await Promise.all(servers.map(close));
    },
  };
}

class ToyState {
  readonly served: number[] = [];
  readonly presented = new Set<string>();
  readonly #options: ToyOptions;
  readonly #sessions = new Map<string, Session>();
  #stalled: Promise<void> | null = null;
  #resume: () => void = () => undefined;

  constructor(options: ToyOptions) {
    this.#options = options;
  }

  stall(): void {
    this.#stalled = new Promise((resolve) => {
      this.#resume = resolve;
    });
  }

  unstall(): void {
    this.#stalled = null;
    this.#resume();
  }

  async serve(node: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null;
    if (request.url === '/auth/login') return this.#logIn(request, response);
    if (request.url === '/auth/logout') return this.#logOut(token, response);
    if (request.url === '/health/live') return send(response, 200, {});
    this.served[node] = (this.served[node] ?? 0) + 1;
    if (token !== null) this.presented.add(token);
    const status = this.#options.override?.(node, token) ?? (this.#stalled ? 503 : this.#judge(node, token));
    send(response, status, { sub: token?.split('.')[0] ?? 'nobody' });
  }

  async #logIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { username } = JSON.parse(Buffer.concat(chunks).toString()) as { username: string };
    const token = `${username}.${this.#sessions.size}.toy-token`;
    this.#sessions.set(token, { startedAt: performance.now(), revokedAt: null, judgedAfterRefusal: [] });
    response.setHeader('set-cookie', ['__Secure-refresh=r; Path=/auth; HttpOnly; Secure', `note=${'n'.repeat(20)}`]);
    send(response, this.#options.loginStatus ?? 200, { token_type: 'Bearer', access_token: token });
  }

  async #logOut(token: string | null, response: ServerResponse): Promise<void> {
    const session = this.#sessions.get(token ?? '');
    if (session) session.revokedAt ??= performance.now();
    const wait = this.#options.acknowledgesAfterMillis ?? 0;
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    await this.#stalled;
    send(response, this.#options.revokeStatus ?? 204, null);
  }

  #judge(node: number, token: string | null): number {
    const session = this.#sessions.get(token ?? '');
    const now = performance.now();
    if (!session || now >= session.startedAt + (this.#options.lifetimeMillis ?? Number.POSITIVE_INFINITY)) return 401;
    if (session.revokedAt === null) return 200;
    if (now - session.revokedAt < (this.#options.acceptsForMillis?.(node) ?? 0)) return 200;
    const judged = session.judgedAfterRefusal[node] ?? 0;
    session.judgedAfterRefusal[node] = judged + 1;
    const { afterRefusals = 0, acceptances = 0 } = this.#options.resurrection ?? {};
    return judged >= afterRefusals && judged < afterRefusals + acceptances ? 200 : 401;
  }
}

function send(response: ServerResponse, status: number, body: object | null): void {
  const text = body === null ? '' : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
