/** Cookies as they stand in requests and in answers, read without any care for what they mean. */

export interface CookiePair {
  readonly name: string;
  readonly value: string;
}

/** Of a `Cookie` header. */
export function cookiesIn(header: string | undefined): CookiePair[] {
  if (header === undefined) return [];
  return header.split(';').flatMap((pair) => {
    const equals = pair.indexOf('=');
    return equals < 0 ? [] : [{ name: pair.slice(0, equals).trim(), value: pair.slice(equals + 1).trim() }];
  });
}

export function cookieHeader(pairs: readonly CookiePair[]): string {
  return pairs.map(({ name, value }) => `${name}=${value}`).join('; ');
}

export interface SetCookie extends CookiePair {
  /** By their names in lower case; empty where an attribute has no value. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Of one `Set-Cookie` line. */
export function setCookieOf(line: string): SetCookie {
  const [pair = '', ...attributes] = line.split(';');
  const [cookie = { name: '', value: '' }] = cookiesIn(pair);
  const named = attributes.map((attribute) => {
    const [name = '', value = ''] = attribute.split('=');
    return [name.trim().toLowerCase(), value.trim()];
  });
  return { ...cookie, attributes: Object.fromEntries(named) };
}

/** Of two cookies `name` and `name.sig` the latter is the former's signature. */
export const signatureSuffix = '.sig';
