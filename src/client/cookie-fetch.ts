/** A cookie jar for platforms whose `fetch` has none, such as Node's. A browser never needs this file. */

import { CookieJar } from './cookie-jar.ts';

type Fetch = typeof globalThis.fetch;

export interface CookieFetchOptions {
  /** Wall time in milliseconds since the Unix epoch, by which cookies expire. The system's, unless given. */
  readonly now?: () => number;
}

/**
 * `fetch` with a jar: one for each origin, so that no cookie ever travels to another, a port being part of it. As with
 * any `fetch`, redirects are followed inside: cookies set on the way are not seen. A request with a `Cookie` header of
 * its own is sent as it is; with `credentials: 'omit'` the jar stays shut. The jar lives and ends with the function.
 */
export function cookieFetch(fetch: Fetch, { now = () => Date.now() }: CookieFetchOptions = {}): Fetch {
  const jars = new Map<string, CookieJar>();
  return async function fetchWithCookies(input, init = {}) {
    const request = input instanceof Request ? input : undefined;
    if ((init.credentials ?? request?.credentials) === 'omit') return fetch(input, init);
    const url = new URL(request?.url ?? String(input));
    const headers = new Headers(init.headers ?? request?.headers);
    const cookies = jars.get(url.origin)?.header(url, now()) ?? null;
    if (cookies !== null && !headers.has('cookie')) headers.set('cookie', cookies);
    const response = await fetch(input, { ...init, headers });
    const from = new URL(response.url || url);
    for (const line of response.headers.getSetCookie()) jarOf(from.origin).store(line, from, now());
    return response;
  };

  function jarOf(origin: string): CookieJar {
    const jar = jars.get(origin) ?? new CookieJar();
    jars.set(origin, jar);
    return jar;
  }
}
