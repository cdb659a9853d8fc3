/**
 * The cookies of one origin, as RFC 6265bis 5.6 to 5.8 has them kept and sent: name, value, path, expiry, Secure, and the
 * promises of the prefixes `__Secure-` and `__Host-`. A cookie for a whole domain is kept for this origin alone.
 */

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  /** Wall time; Infinity: as long as the jar lives. */
  readonly expiresAtMillis: number;
}

interface Attributes {
  readonly path?: string;
  readonly domain?: string;
  readonly secure: boolean;
  /** From `Max-Age`, else from `Expires`, wherever they stand (5.7, step 7). */
  readonly expiresAtMillis: number;
}

const maximumPairBytes = 4_096;
const maximumAttributeBytes = 1_024;
const maximumLifetimeMillis = 400 * 24 * 3_600_000;

export class CookieJar {
  /** By name and path, in the order of creation. */
  readonly #cookies = new Map<string, Cookie>();

  /** Takes in one `Set-Cookie` line of an answer from `url`. What a browser would not keep is ignored. */
  store(setCookie: string, url: URL, nowMillis: number): void {
    const cookie = cookieFrom(setCookie, url, nowMillis);
    if (cookie === null) return;
    const key = `${cookie.name};${cookie.path}`;
    if (cookie.expiresAtMillis <= nowMillis) this.#cookies.delete(key);
    else this.#cookies.set(key, cookie);
  }

  /** The `Cookie` header of a request to `url`, longer paths first, then older cookies; null when there is none to send. */
  header(url: URL, nowMillis: number): string | null {
    const matching = [...this.#cookies.values()].filter(
      ({ path, expiresAtMillis }) => expiresAtMillis > nowMillis && pathMatches(path, url.pathname),
    );
    if (matching.length === 0) return null;
    const inOrder = matching.toSorted((left, right) => right.path.length - left.path.length);
    return inOrder.map(({ name, value }) => `${name}=${value}`).join('; ');
  }
}

function cookieFrom(setCookie: string, url: URL, nowMillis: number): Cookie | null {
  const [pair = '', ...rest] = setCookie.split(';');
  const equals = pair.indexOf('=');
  const name = pair.slice(0, Math.max(equals, 0)).trim();
  const value = pair.slice(equals + 1).trim();
  if (name === '' || byteLength(name + value) > maximumPairBytes) return null;
  const attributes = attributesFrom(rest, nowMillis);
  const { domain, secure, expiresAtMillis } = attributes;
  if (secure && !isSecure(url)) return null;
  if (domain !== undefined && !domainMatches(domain, url.hostname)) return null;
  if (!keepsPromise(name, attributes)) return null;
  const path = attributes.path ?? defaultPath(url.pathname);
  return { name, value, path, expiresAtMillis };
}

/** Of two attributes of one name the later counts; those that make no sense never do (5.6). */
function attributesFrom(texts: readonly string[], nowMillis: number): Attributes {
  const found = new Map<string, string>();
  for (const text of texts) {
    const [name = '', ...rest] = text.split('=');
    const value = rest.join('=').trim();
    const known = name.trim().toLowerCase();
    if (byteLength(value) <= maximumAttributeBytes && makesSense(known, value)) found.set(known, value);
  }
  const [path, domain] = [found.get('path'), found.get('domain')];
  return {
    ...(path?.startsWith('/') ? { path } : {}),
    ...(domain ? { domain: domain.replace(/^\./, '').toLowerCase() } : {}),
    secure: found.has('secure'),
    expiresAtMillis: expiry(found.get('max-age'), found.get('expires'), nowMillis),
  };
}

function makesSense(attribute: string, value: string): boolean {
  if (attribute === 'max-age') return /^-?\d+$/.test(value);
  if (attribute === 'expires') return !Number.isNaN(Date.parse(value));
  return true;
}

function expiry(maxAge: string | undefined, expires: string | undefined, nowMillis: number): number {
  const latest = nowMillis + maximumLifetimeMillis;
  if (maxAge !== undefined) return Math.min(nowMillis + Number(maxAge) * 1_000, latest);
  return expires === undefined ? Number.POSITIVE_INFINITY : Math.min(Date.parse(expires), latest);
}

/** What a name's prefix promises is true of the cookie (4.1.3); letter case does not get around it. */
function keepsPromise(name: string, { secure, path, domain }: Attributes): boolean {
  const known = name.toLowerCase();
  if (known.startsWith('__secure-')) return secure;
  return !known.startsWith('__host-') || (secure && path === '/' && domain === undefined);
}

/** Browsers trust their own machine without TLS too. */
function isSecure({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

/** An address is no domain: it matches itself alone (5.1.3). */
function domainMatches(domain: string, host: string): boolean {
  return host === domain || (host.endsWith(`.${domain}`) && !/^[\d.]+$|^\[/.test(host));
}

/** The folder of the path that was asked for (5.1.4). */
function defaultPath(requestPath: string): string {
  return requestPath.slice(0, requestPath.lastIndexOf('/')) || '/';
}

/** Whole segments at a time (5.1.4). */
function pathMatches(cookiePath: string, requestPath: string): boolean {
  if (requestPath === cookiePath) return true;
  return requestPath.startsWith(cookiePath) && (cookiePath.endsWith('/') || requestPath[cookiePath.length] === '/');
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}
