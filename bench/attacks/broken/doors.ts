/** What a careful server does around its sessions: whom it lets ask, what it reads out of a request, and what it answers with. */

import type { IncomingHttpHeaders } from 'node:http';

export interface Incoming {
  readonly method: string;
  /** Within the mount, with its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Every field as it came, names and values by turns. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export interface Doors {
  readonly transport: 'bearer' | 'cookie';
  readonly bodyLimitBytes: number;
  /** Whether a request that changes something is the client's own. */
  admits(request: Incoming): boolean;
  /** Methods by which something may be changed. */
  readonly changingMethods: readonly string[];
  /** What a login says; throws when it cannot be read. */
  fieldsOf(request: Incoming): Readonly<Record<string, unknown>>;
  /** Whether user and password fit. */
  verifies(username: unknown, password: unknown): boolean | Promise<boolean>;
  /** What is answered to a wrong password or an unknown user. */
  refusal(username: unknown): object;
  /** Counts an attempt; false: there were too many. */
  attempt(source: string, username: string): boolean;
  /** From where a request comes. */
  sourceOf(request: Incoming): string;
  /** The access token or session cookie; undefined: none was sent; empty: nothing that counts. */
  credentialIn(request: Incoming, mount: string): string | undefined;
  refreshTokenIn(request: Incoming): string | undefined;
  cookie(name: string, path: string, value: string, maxAgeSeconds: number): string;
  /** Further headers of every answer. */
  answerHeaders(request: Incoming): Readonly<Record<string, string>>;
  /** The page that the server gives to browsers; null: none, and clients bring their own. */
  page(mount: string): string | null;
  /** What `/profile` answers, given the session. */
  profile(session: object): object;
}

/** As the lab's own nodes have it: numbered users, and one password for all. */
export const usernames = /^(?:user|admin)-\d{6}$/;
export const labPassword = 'lab-password';

export const refreshCookie = '__Secure-refresh';
export const sessionCookie = '__Host-session';

const attemptsPerUserAndSource = 10;
const attemptsPerSource = 60;

export function carefulDoors(transport: Doors['transport']): Doors {
  const attempts = new Map<string, number>();
  const counted = (key: string) => {
    attempts.set(key, (attempts.get(key) ?? 0) + 1);
    return attempts.get(key) ?? 0;
  };
  return {
    transport,
    bodyLimitBytes: 4_096,
    changingMethods: ['POST'],
    admits: ({ headers }) => isSameSite(headers) && isJson(headers),
    fieldsOf: ({ body }) => ({ ...JSON.parse(body) }),
    verifies: (username, password) =>
      typeof username === 'string' && usernames.test(username) && password === labPassword,
    refusal: () => ({ title: 'The username or the password is wrong.' }),
    // Both are counted, whichever is reached first; a source cannot lock out a user for others.
    attempt: (source, username) =>
      counted(`${source} ${username}`) <= attemptsPerUserAndSource && counted(source) <= attemptsPerSource,
    sourceOf: ({ headers }) => forwardedFor(headers).at(-1) ?? 'unknown',
    credentialIn: (request) => (transport === 'cookie' ? onlyCookie(request, sessionCookie) : onlyBearer(request)),
    refreshTokenIn: (request) => onlyCookie(request, refreshCookie),
    cookie: (name, path, value, maxAgeSeconds) =>
      `${name}=${value}; Path=${path}; Max-Age=${maxAgeSeconds}; HttpOnly; Secure; SameSite=Strict`,
    answerHeaders: () => ({ 'cache-control': 'no-store' }),
    page: () => null,
    profile: (session) => session,
  };
}

export function forwardedFor(headers: IncomingHttpHeaders): readonly string[] {
  return [headers['x-forwarded-for'] ?? []]
    .flat()
    .join(',')
    .split(',')
    .map((address) => address.trim());
}

function isSameSite({ origin, host, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  return origin === undefined || origin === `http://${host}`;
}

function isJson({ 'content-type': type, 'content-length': length }: IncomingHttpHeaders): boolean {
  return type === undefined ? length === undefined || length === '0' : type === 'application/json';
}

/** The one bearer token; two fields, or a session cookie beside it, leave nobody to tell which was meant. */
function onlyBearer(request: Incoming): string | undefined {
  const fields = fieldsNamed(request, 'authorization');
  if (fields.length > 1 || (fields.length > 0 && cookiesNamed(request, sessionCookie).length > 0)) return '';
  return fields[0] === undefined ? undefined : bearerIn(fields[0]);
}

export function bearerIn(field: string): string {
  return /^Bearer (\S+)$/.exec(field)?.[1] ?? '';
}

export function fieldsNamed({ rawHeaders }: Incoming, name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
}

/** The one cookie of this very name. */
function onlyCookie(request: Incoming, name: string): string | undefined {
  const values = cookiesNamed(request, name);
  return values.length > 1 ? '' : values[0];
}

/** In the order in which they came. */
export function cookiesNamed({ headers }: Incoming, name: string): string[] {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.filter((pair) => pair.startsWith(`${name}=`)).map((pair) => pair.slice(name.length + 1));
}
