/** Members of a JSON body, which may be anything at all. */

/** The member's text; null when the body is no object, or has no such member of its own, or one that is no text. */
export function textIn(body: unknown, name: string): string | null {
  const value = memberOf(body, name);
  return typeof value === 'string' ? value : null;
}

/** The member's texts; null as above. */
export function textsIn(body: unknown, name: string): readonly string[] | null {
  const value = memberOf(body, name);
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : null;
}

/** The member, or undefined. */
export function memberOf(body: unknown, name: string): unknown {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return undefined;
  return (body as Readonly<Record<string, unknown>>)[name];
}
