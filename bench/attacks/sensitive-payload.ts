/** Reads a credential without any key: a signature hides nothing (RFC 7519 12, OWASP JWT cheat sheet). */

import type { Attack } from './attack.ts';
import { type Headers, jsonMembers } from './requests.ts';
import { unreadable } from './traits.ts';

export const sensitivePayload: Attack = {
  name: 'sensitive-payload',
  deed: 'decodes the credential, without any key',
  question: 'Does the credential tell whoever finds it more than who is logged in?',
  source: 'RFC 7519 12; OWASP JWT cheat sheet, token information disclosure',
  inapplicable: unreadable,
  async run({ contestant }, session) {
    const members = readableMembers(session.headersFor(contestant.protectedPath));
    const names = Object.keys(members).sort();
    if (names.length === 0) {
      return {
        outcome: { kind: 'unproven' },
        evidence: 'the credential could not be read, though it is said to be readable',
      };
    }
    const telling = names.filter((name) => !needed.has(name) || isSecret(members[name]));
    if (telling.length === 0) {
      return { outcome: { kind: 'blocked' }, evidence: `it reads ${names.join(', ')}, and nothing else` };
    }
    const evidence = `it reads ${telling.map(shortened).join(', ')}`;
    return { outcome: { kind: 'open', window: null, boundMillis: 0 }, evidence };
  },
};

/** Who is logged in, since when, until when and where it holds; JOSE header parameters; koa-session's own. */
const needed: ReadonlySet<string> = new Set([
  ...['iss', 'aud', 'sub', 'sid', 'jti', 'client_id', 'roles', 'epoch', 'log', 'iat', 'nbf', 'exp'],
  ...['alg', 'typ', 'kid'],
  ...['_expire', '_maxAge', 'untilMillis', 'endMillis'],
]);

/** E-mail addresses, password hashes, telephone numbers: wherever they stand, nobody else is to read them. */
const secrets: readonly RegExp[] = [
  /\S@\S+\.\S/,
  /^\$(?:2[abxy]|argon2\w*|scrypt|pbkdf2[\w-]*)\$/,
  /^\+?\d[\d ()/-]{6,}$/,
];

function isSecret(value: unknown): boolean {
  return [value].flat(3).some((item) => typeof item === 'string' && secrets.some((pattern) => pattern.test(item)));
}

/** Members of every JSON object that stands in the headers in base64 or base64url, nested ones by their own names too. */
function readableMembers(headers: Headers): Readonly<Record<string, unknown>> {
  const pieces = Object.values(headers).flatMap((value) => value.match(/[\w+/-]{8,}/g) ?? []);
  return Object.assign({}, ...pieces.map((piece) => flattened(jsonMembers(Buffer.from(piece, 'base64').toString()))));
}

function flattened(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const inner = Object.values(members).filter((value) => typeof value === 'object' && value !== null);
  return Object.assign(
    {},
    ...inner.filter((value) => !Array.isArray(value)).map((value) => flattened({ ...value })),
    members,
  );
}

/** A name comes from the server, and stands in a report. */
function shortened(name: string): string {
  return name.replaceAll(/[^\w.-]/g, '?').slice(0, 40);
}
