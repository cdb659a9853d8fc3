/** JSON Web Tokens in the hands of an attacker: read without a key, and written anew (RFC 7515 7.1, compact form). */

import { createHmac } from 'node:crypto';
import { jsonMembers } from './requests.ts';

export interface OpenedToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
  /** As it stands in the token. */
  readonly signature: string;
}

/** What anybody can read in a token; null when it is no JWS in compact form. */
export function openToken(token: string): OpenedToken | null {
  const [header, payload, signature, ...more] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) return null;
  const opened = { header: decoded(header), payload: decoded(payload), signature };
  return Object.keys(opened.header).length === 0 ? null : opened;
}

/**
 * The claims of the token with the role `admin`, good for a minute longer: a forgery must not be refused for its age.
 */
export function claimsOfAdmin({ payload }: OpenedToken): Record<string, unknown> {
  const { exp } = payload;
  return { ...payload, roles: ['admin'], ...(typeof exp === 'number' && { exp: exp + 60 }) };
}

export function unsigned(header: object, payload: object, signature = ''): string {
  return `${encoded(header)}.${encoded(payload)}.${signature}`;
}

const digests = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' } as const;

export type HmacAlgorithm = keyof typeof digests;

export const hmacAlgorithms = Object.keys(digests) as readonly HmacAlgorithm[];

/** Signs with whatever bytes serve as the key: libraries refuse the ones that an attacker uses. */
export function signedWithHmac(algorithm: HmacAlgorithm, header: object, payload: object, key: Buffer): string {
  const signed = `${encoded({ ...header, alg: algorithm })}.${encoded(payload)}`;
  return `${signed}.${createHmac(digests[algorithm], key).update(signed).digest('base64url')}`;
}

/** The token with one character of its signature changed, never the last, whose spare bits some decoders ignore. */
export function withChangedSignature(token: string): string {
  const middle = Math.floor((token.lastIndexOf('.') + token.length) / 2);
  return token.slice(0, middle) + (token[middle] === 'A' ? 'B' : 'A') + token.slice(middle + 1);
}

/** An object, or a text as it is, in base64url. */
export function encoded(value: object | string): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

function decoded(text: string): Readonly<Record<string, unknown>> {
  return jsonMembers(Buffer.from(text, 'base64url').toString());
}
