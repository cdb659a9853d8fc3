/** The HTTP contract of a contestant (login, refresh, logout, profile) over parts that may be broken, in plain node:http. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Parts } from './parts.ts';

export interface BrokenServerOptions {
  /** By the name under which they are mounted: `/name/auth/login`, `/name/profile`. */
  readonly mounts: ReadonlyMap<string, Parts>;
  readonly accessTokenLifetimeSeconds: number;
  /** JWK Set at `/.well-known/jwks.json`. */
  readonly keySet: object;
}

/** As the lab's own nodes have it: numbered users, and one password for all. */
const username = /^user-\d{6}$/;
const password = 'lab-password';
const maximumBodyBytes = 4_096;

interface Reply {
  readonly status: number;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

const notFound: Reply = { status: 404 };
const malformed: Reply = { status: 400, body: { error: 'invalid_request' } };
const wrongPassword: Reply = { status: 401, body: { title: 'The username or the password is wrong.' } };
const invalidGrant: Reply = { status: 401, body: { error: 'invalid_grant' } };
const invalidToken: Reply = { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } };
const noCredential: Reply = { status: 401, headers: { 'www-authenticate': 'Bearer' } };

/** Not listening yet. */
export function createBrokenServer(options: BrokenServerOptions): Server {
  return createServer((request, response) => {
    reply(options, request).then(
      (answer) => send(response, answer),
      () => send(response, malformed),
    );
  });
}

async function reply(options: BrokenServerOptions, request: IncomingMessage): Promise<Reply> {
  const path = request.url ?? '';
  if (request.method === 'GET' && path === '/.well-known/jwks.json') return { status: 200, body: options.keySet };
  const [, mount = '', rest = ''] = /^\/([^/]+)(\/.+)$/.exec(path) ?? [];
  const parts = options.mounts.get(mount);
  if (parts === undefined) return notFound;
  switch (`${request.method} ${rest}`) {
    case 'POST /auth/login':
      return logIn(options, mount, parts, await bodyOf(request));
    case 'POST /auth/refresh':
      return refresh(options, mount, parts, request);
    case 'POST /auth/logout':
      return logOut(mount, parts, request);
    case 'GET /profile':
      return profile(parts, request);
    default:
      return notFound;
  }
}

function logIn(options: BrokenServerOptions, mount: string, parts: Parts, body: string): Reply {
  const fields: Partial<Record<string, unknown>> = { ...JSON.parse(body) };
  const user = fields.username;
  if (typeof user !== 'string' || !username.test(user) || fields.password !== password) return wrongPassword;
  const { session, refreshToken } = parts.sessions.start(user, ['user']);
  return granted(options, mount, parts.issue(session), refreshToken);
}

function refresh(options: BrokenServerOptions, mount: string, parts: Parts, request: IncomingMessage): Reply {
  const exchanged = parts.exchange(refreshTokenOf(request) ?? '');
  if (exchanged === null) return invalidGrant;
  return granted(options, mount, parts.issue(exchanged.session), exchanged.refreshToken);
}

function logOut(mount: string, parts: Parts, request: IncomingMessage): Reply {
  const session = sessionOf(parts, request);
  if (session !== null) parts.end(session.sid);
  return { status: 204, headers: { 'set-cookie': cookie(mount, '', 0) } };
}

function profile(parts: Parts, request: IncomingMessage): Reply {
  if (request.headers.authorization === undefined) return noCredential;
  const session = sessionOf(parts, request);
  return session === null ? invalidToken : { status: 200, body: session };
}

function granted(options: BrokenServerOptions, mount: string, accessToken: string, refreshToken: string): Reply {
  return {
    status: 200,
    body: { token_type: 'Bearer', expires_in: options.accessTokenLifetimeSeconds, access_token: accessToken },
    headers: { 'set-cookie': cookie(mount, refreshToken, 86_400), 'cache-control': 'no-store' },
  };
}

/** The session that a request shows and that has not ended. */
function sessionOf(parts: Parts, { headers }: IncomingMessage) {
  const token = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
  const session = token === undefined ? null : parts.read(token);
  return session !== null && parts.sessions.isLive(session.sid) ? session : null;
}

function cookie(mount: string, value: string, maxAgeSeconds: number): string {
  return `__Secure-refresh=${value}; Path=/${mount}/auth; Max-Age=${maxAgeSeconds}; HttpOnly; Secure; SameSite=Strict`;
}

function refreshTokenOf({ headers }: IncomingMessage): string | undefined {
  return /(?:^|; )__Secure-refresh=([\w-]+)/.exec(headers.cookie ?? '')?.[1];
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > maximumBodyBytes) throw new RangeError('the body is too large');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, { status, body, headers }: Reply): void {
  response.writeHead(status, { ...(body && { 'content-type': 'application/json' }), ...headers });
  response.end(body && JSON.stringify(body));
}
