/** The HTTP contract of a contestant (login, refresh, logout, profile) over parts that may be broken, in plain node:http. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Session } from './claims.ts';
import { type Incoming, refreshCookie, sessionCookie } from './doors.ts';
import type { Exchanged, Parts } from './parts.ts';

export interface BrokenServerOptions {
  /** By the name under which they are mounted: `/name/auth/login`, `/name/profile`. */
  readonly mounts: ReadonlyMap<string, Parts>;
  readonly accessTokenLifetimeSeconds: number;
}

interface Reply {
  readonly status: number;
  /** As JSON; a text as it is. */
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

const notFound: Reply = { status: 404 };
const malformed: Reply = { status: 400, body: { error: 'invalid_request' } };
const notTheirs: Reply = { status: 403, body: { title: 'Another site has sent this.' } };
const tooLarge: Reply = { status: 413 };
const tooMany: Reply = { status: 429, body: { title: 'Too many attempts.' } };
const invalidGrant: Reply = { status: 401, body: { error: 'invalid_grant' } };
const invalidToken: Reply = { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } };
const noCredential: Reply = { status: 401, headers: { 'www-authenticate': 'Bearer' } };

/** One request to one variant. */
interface Exchange {
  readonly parts: Parts;
  readonly mount: string;
  readonly request: Incoming;
  readonly lifetimeSeconds: number;
}

/** Not listening yet. */
export function createBrokenServer(options: BrokenServerOptions): Server {
  const server = createServer((message, response) => {
    reply(options, message).then(
      (answer) => send(response, answer),
      () => send(response, { status: 500 }),
    );
  });
  // One variant lets itself be kept busy for a second: the others' connections must outlast that.
  server.keepAliveTimeout = 60_000;
  return server;
}

async function reply(
  { mounts, accessTokenLifetimeSeconds }: BrokenServerOptions,
  message: IncomingMessage,
): Promise<Reply> {
  const [, mount = '', path = ''] = /^\/([^/]+)(\/.+)$/.exec(message.url ?? '') ?? [];
  const parts = mounts.get(mount);
  if (parts === undefined) return notFound;
  const body = await bodyOf(message, parts.bodyLimitBytes);
  if (body === null) return tooLarge;
  const { method = 'GET', headers, rawHeaders } = message;
  const request = { method, path, headers, rawHeaders, body };
  const answer = await routed({ parts, mount, request, lifetimeSeconds: accessTokenLifetimeSeconds });
  return { ...answer, headers: { ...parts.answerHeaders(request), ...answer.headers } };
}

function routed(exchange: Exchange): Reply | Promise<Reply> {
  const { parts, request } = exchange;
  const { method } = request;
  const [path] = request.path.split('?', 1);
  if (path === '/profile') return method === 'GET' ? profile(exchange) : notFound;
  if (path === '/page') return pageOf(exchange);
  if (path === '/jwks.json') return { status: 200, body: parts.keySet() };
  const change = changes[path ?? ''];
  if (change === undefined) return notFound;
  if (!parts.changingMethods.includes(method)) return { status: 405 };
  return parts.admits(request) ? change(exchange) : notTheirs;
}

function pageOf({ parts, mount }: Exchange): Reply {
  const html = parts.page(mount);
  return html === null ? notFound : { status: 200, body: html, headers: { 'content-type': 'text/html' } };
}

const changes: Readonly<Record<string, (exchange: Exchange) => Promise<Reply>>> = {
  '/auth/login': logIn,
  '/auth/refresh': refresh,
  '/auth/logout': logOut,
  '/auth/logout-all': logOutEverywhere,
  '/admin/keys/rotate': rotateKeys,
};

async function logIn(exchange: Exchange): Promise<Reply> {
  const { parts, request, mount } = exchange;
  let fields: Readonly<Record<string, unknown>>;
  try {
    fields = parts.fieldsOf(request);
  } catch (error) {
    // What is too deep for a careless reader is no malformed request, but a server that has fallen over.
    if (error instanceof RangeError) throw error;
    return malformed;
  }
  const { username, password } = fields;
  if (!parts.attempt(parts.sourceOf(request), String(username))) return tooMany;
  if (!(await parts.verifies(username, password))) return { status: 401, body: parts.refusal(username) };
  const presented = parts.transport === 'cookie' ? parts.credentialIn(request, mount) : parts.refreshTokenIn(request);
  return granted(exchange, parts.start(String(username), presented));
}

async function refresh(exchange: Exchange): Promise<Reply> {
  const exchanged = await exchange.parts.exchange(exchange.parts.refreshTokenIn(exchange.request) ?? '');
  return exchanged === null ? invalidGrant : granted(exchange, exchanged);
}

async function logOut(exchange: Exchange): Promise<Reply> {
  const { parts, request, mount } = exchange;
  const session = (await sessionOf(exchange)) ?? parts.sessions.ownerOf(parts.refreshTokenIn(request) ?? '');
  if (session !== null) parts.end(session.sid, parts.credentialIn(request, mount) ?? '');
  return { status: 204, headers: { 'set-cookie': ownCookie(exchange, '', 0) } };
}

async function logOutEverywhere(exchange: Exchange): Promise<Reply> {
  const session = await sessionOf(exchange);
  if (session === null) return invalidToken;
  exchange.parts.endAll(session.sub);
  return { status: 204 };
}

async function rotateKeys(exchange: Exchange): Promise<Reply> {
  const session = await sessionOf(exchange);
  if (session === null) return invalidToken;
  if (!session.roles.includes('admin')) return { status: 403 };
  exchange.parts.rotateKeys();
  return { status: 202, body: { activatesAt: new Date().toISOString() } };
}

async function profile(exchange: Exchange): Promise<Reply> {
  const { parts, request, mount } = exchange;
  if (parts.credentialIn(request, mount) === undefined) return noCredential;
  const session = await sessionOf(exchange);
  return session === null ? invalidToken : { status: 200, body: parts.profile(session) };
}

function granted(exchange: Exchange, { session, refreshToken }: Exchanged): Reply {
  const { parts, lifetimeSeconds } = exchange;
  const byCookie = parts.transport === 'cookie';
  const credential = parts.issue(session);
  return {
    status: 200,
    body: {
      token_type: byCookie ? 'Cookie' : 'Bearer',
      expires_in: lifetimeSeconds,
      ...(byCookie ? {} : { access_token: credential }),
    },
    headers: { 'set-cookie': ownCookie(exchange, byCookie ? credential : refreshToken, 86_400) },
  };
}

function ownCookie({ parts, mount }: Exchange, value: string, maxAgeSeconds: number): string {
  return parts.transport === 'cookie'
    ? parts.cookie(sessionCookie, '/', value, maxAgeSeconds)
    : parts.cookie(refreshCookie, `/${mount}/auth`, value, maxAgeSeconds);
}

/** The session that a request shows and that has not ended. */
async function sessionOf({ parts, request, mount }: Exchange): Promise<Session | null> {
  const credential = parts.credentialIn(request, mount);
  const session = credential === undefined || credential === '' ? null : await parts.read(credential);
  return session !== null && parts.isLive(session, credential ?? '') ? (known(parts, session) ?? session) : null;
}

/** A cookie names its session; what that is now, its server knows. */
function known({ transport, sessions }: Parts, { sid }: Session): Session | null {
  return transport === 'cookie' ? sessions.named(sid) : null;
}

/** Null when it is longer than that. */
async function bodyOf(message: IncomingMessage, limitBytes: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message) {
    bytes += (chunk as Buffer).length;
    if (bytes <= limitBytes) chunks.push(chunk as Buffer);
  }
  return bytes > limitBytes ? null : Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, { status, body, headers }: Reply): void {
  response.writeHead(status, { ...(body && { 'content-type': 'application/json' }), ...headers } as Record<
    string,
    string
  >);
  response.end(typeof body === 'object' ? JSON.stringify(body) : body);
}
