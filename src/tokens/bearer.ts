/** The bearer token of a request (RFC 6750 2.1). Tokens in a query or a form body are never looked at. */

const scheme = 'bearer';
/** RFC 6750 2.1 `b64token`. Blanks and commas are not among its characters, so that a second token cannot hide behind the first. */
const tokenShape = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * The token, or undefined when the header is absent or of another scheme. The empty text stands for a bearer credential
 * that is malformed, and is never a valid token. The scheme's letter case does not matter (RFC 9110 11.1).
 */
export function bearerToken(authorization: string | undefined): string | undefined {
  const text = bearerText(authorization);
  return text === undefined || isTokenShaped(text) ? text : '';
}

/** RFC 6750 2.1. Looks at every character. */
export function isTokenShaped(text: string): boolean {
  return tokenShape.test(text);
}

/** What stands where the token should, whatever its characters: for those who look at these later, if at all. */
export function bearerText(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  // As nearly everybody writes it.
  if (authorization.startsWith('Bearer ') && isGraphic(authorization.charCodeAt(7))) return authorization.slice(7);
  if (authorization.slice(0, scheme.length).toLowerCase() !== scheme) return undefined;
  if (authorization.length === scheme.length) return '';
  if (authorization[scheme.length] !== ' ') return undefined;
  return authorization.slice(scheme.length + 1).trimStart();
}

/** A character of ASCII that is seen: nothing that `trimStart` takes away. */
function isGraphic(code: number): boolean {
  return code > 32 && code < 127;
}
