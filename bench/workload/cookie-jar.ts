/**
 * As much of a browser's cookie jar as one client of one host needs (RFC 6265 5.2 to 5.4): name, value, path, expiry.
 * `Domain` and `Secure` are not looked at: the lab's nodes are one host on the loopback, where browsers too send Secure
 * cookies over plain HTTP, and cookies do not tell ports apart.
 */

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  /** Wall time; null: as long as the client runs. */
  readonly expiresAtMillis: number | null;
}

export class CookieJar {
  /** By name and path, in the order of creation. */
  readonly #cookies = new Map<string, Cookie>();

  /** Takes in one `Set-Cookie` line of the answer to a request for `requestPath`. What is no cookie is ignored. */
  store(setCookie: string, requestPath: string, nowMillis: number): void {
    const cookie = parseSetCookie(setCookie, requestPath, nowMillis);
    if (cookie === null) return;
    const key = `${cookie.name};${cookie.path}`;
    if (hasExpired(cookie, nowMillis)) this.#cookies.delete(key);
    else this.#cookies.set(key, cookie);
  }

  /** The `Cookie` header for a request to `path`, longer paths first; null when nothing is to be sent. */
  header(path: string, nowMillis: number): string | null {
    const matching = [...this.#cookies.values()].filter(
      (cookie) => !hasExpired(cookie, nowMillis) && pathMatches(cookie.path, path),
    );
    if (matching.length === 0) return null;
    const inOrder = matching.toSorted((left, right) => right.path.length - left.path.length);
    return inOrder.map(({ name, value }) => `${name}=${value}`).join('; ');
  }
}

/** Bytes of the name and of the value in a `Set-Cookie` line: what browsers limit to 4096 (RFC 6265bis 5.6). */
export function cookieBytes(setCookie: string): number {
  const pair = parsePair(setCookie);
  return pair === null ? 0 : Buffer.byteLength(pair.name) + Buffer.byteLength(pair.value);
}

function parseSetCookie(setCookie: string, requestPath: string, nowMillis: number): Cookie | null {
  const pair = parsePair(setCookie);
  if (pair === null) return null;
  let path = defaultPath(requestPath);
  let maxAgeSeconds: number | null = null;
  let expiresAtMillis: number | null = null;
  for (const attribute of setCookie.split(';').slice(1)) {
    const [name = '', ...rest] = attribute.split('=');
    const value = rest.join('=').trim();
    const known = name.trim().toLowerCase();
    if (known === 'path') path = value.startsWith('/') ? value : defaultPath(requestPath);
    else if (known === 'max-age' && /^-?\d+$/.test(value)) maxAgeSeconds = Number(value);
    else if (known === 'expires' && !Number.isNaN(Date.parse(value))) expiresAtMillis = Date.parse(value);
  }
  // Max-Age beats Expires, wherever it stands (RFC 6265 5.3).
  if (maxAgeSeconds !== null) expiresAtMillis = nowMillis + maxAgeSeconds * 1_000;
  return { ...pair, path, expiresAtMillis };
}

function parsePair(setCookie: string): { readonly name: string; readonly value: string } | null {
  const [pair = ''] = setCookie.split(';', 1);
  const equals = pair.indexOf('=');
  const name = pair.slice(0, Math.max(equals, 0)).trim();
  return name === '' ? null : { name, value: pair.slice(equals + 1).trim() };
}

function hasExpired(cookie: Cookie, nowMillis: number): boolean {
  return cookie.expiresAtMillis !== null && cookie.expiresAtMillis <= nowMillis;
}

function defaultPath(requestPath: string): string {
  const lastSlash = requestPath.lastIndexOf('/');
  return lastSlash <= 0 ? '/' : requestPath.slice(0, lastSlash);
}

function pathMatches(cookiePath: string, requestPath: string): boolean {
  const [path = '/'] = requestPath.split('?', 1);
  if (path === cookiePath) return true;
  return path.startsWith(cookiePath) && (cookiePath.endsWith('/') || path[cookiePath.length] === '/');
}
