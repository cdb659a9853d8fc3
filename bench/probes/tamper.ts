/** Credentials with one character changed. */

/**
 * Copies of the headers, each with every credential in it changed in one character: near its beginning, in its middle,
 * near its end. Never the last character, whose spare bits some decoders ignore.
 */
export function tamperedWith(headers: Readonly<Record<string, string>>): readonly Readonly<Record<string, string>>[] {
  return [0.1, 0.5, 0.9].map((share) =>
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, tamperedValue(name, value, share)])),
  );
}

function tamperedValue(name: string, value: string, share: number): string {
  if (name !== 'cookie') return value.replace(/\S+$/, (token) => changedAt(token, share));
  const cookies = value.split('; ').map((cookie) => {
    const equals = cookie.indexOf('=') + 1;
    return cookie.slice(0, equals) + changedAt(cookie.slice(equals), share);
  });
  return cookies.join('; ');
}

/** Stays in the alphabet of base64url: what is changed must be the meaning, not the grammar. */
function changedAt(text: string, share: number): string {
  const index = Math.min(Math.floor(text.length * share), Math.max(0, text.length - 2));
  const replacement = text[index] === 'A' ? 'B' : 'A';
  return text.slice(0, index) + replacement + text.slice(index + 1);
}
