/** Names of authlab's cookies, and how often a request carries one (RFC 6265bis 4.1.3, 5.6). */

/** The cookie that opens `/profile`. `__Host-` binds it to this host, to Secure and to the path `/`. */
export function sessionCookieName(strategy: string): string {
  return `__Host-authlab-${strategy}`;
}

/** The cookie that holds a refresh token. It rides on `/auth` alone, and `__Host-` forbids a path: hence `__Secure-`. */
export function refreshCookieName(strategy: string): string {
  return `__Secure-authlab-${strategy}-refresh`;
}

/**
 * How many cookies of this very name a Cookie header carries. Of two, one may be an attacker's and nobody can tell
 * which, so a strategy refuses both. Letter case counts.
 */
export function countCookie(header: string | undefined, name: string): number {
  if (header === undefined) return 0;
  let count = 0;
  for (let at = header.indexOf(name); at !== -1; at = header.indexOf(name, at + name.length)) {
    if (header[at + name.length] === '=' && startsCookie(header, at)) count += 1;
  }
  return count;
}

function startsCookie(header: string, at: number): boolean {
  let before = at - 1;
  while (header[before] === ' ') before -= 1;
  return before < 0 || header[before] === ';';
}
