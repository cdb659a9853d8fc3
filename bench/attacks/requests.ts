/** The requests of an attack, and what can be read out of a server's answers and credentials without any key. */

import type { Contestant } from '../workload/contestant.ts';
import type { Credential } from '../workload/credential.ts';
import type { Answer, AttackRequest } from './attack.ts';

export type Headers = Readonly<Record<string, string>>;

/** `GET` of the protected resource with these headers. */
export function profileRequest({ protectedPath }: Contestant, headers: AttackRequest['headers']): AttackRequest {
  return { method: 'GET', path: protectedPath, headers };
}

/** A `POST` as clients of a JSON API send it; without an `Origin`, as whoever is no browser. */
export function postRequest(path: string, headers: Headers, body: object = {}): AttackRequest {
  return {
    method: 'POST',
    path,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

/** The token that a session shows to the protected resource; null when it shows cookies alone. */
export function accessTokenOf({ protectedPath }: Contestant, session: Credential): string | null {
  const { authorization } = session.headersFor(protectedPath);
  return authorization?.replace(/^Bearer /, '') ?? null;
}

export function bearer(token: string): Headers {
  return { authorization: `Bearer ${token}` };
}

/** The members of a JSON object; empty for everything else. */
export function jsonMembers(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : {};
  } catch {
    return {};
  }
}

/** An access token lets in, a refresh token is exchanged: 200 says both, and 204 that something was done. */
export function isAccepted({ status }: Answer): boolean {
  return status === 200 || status === 204;
}

/** Said no to what was sent. A server that is not able to answer (5xx) or is too busy (429) has judged nothing. */
export function isRefused({ status }: Answer): boolean {
  return refusals.has(status);
}

const refusals: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 413, 415, 431]);

/** `401 invalid_token`. */
export function told({ status, error }: Answer): string {
  return error === null ? `${status}` : `${status} ${error}`;
}

/** `GET /profile`: without the mount, which is the contestant's name. */
export function shown(method: AttackRequest['method'], path: string, { name }: Contestant): string {
  return `${method} ${path.startsWith(`/${name}/`) ? path.slice(name.length + 1) : path}`;
}

/** ` as user-000001 with the roles admin`, or as much of it as the answer holds. */
export function toldWho({ body }: Answer): string {
  const { sub, roles } = jsonMembers(body);
  const who = isPlain(sub) ? ` as ${sub}` : '';
  const what = Array.isArray(roles) ? roles.filter(isPlain) : [];
  return what.length === 0 ? who : `${who} with the role${what.length === 1 ? '' : 's'} ${what.slice(0, 3).join(', ')}`;
}

/** Short words alone: an answer may hold what nobody should print. */
function isPlain(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,40}$/.test(value);
}
