/**
 * Refresh tokens (RFC 6749 1.5, rotation as RFC 9700 4.14.2): `<family>.<43 base64url>`, where the family is the session
 * id and the rest is a seed of 128 bits followed by an authentication tag of 128 bits over family and seed.
 *
 * The tag lets a text that this server never made be refused before the log is asked. Without it, anybody who knows a
 * session id, which is no secret, could present it with noise, be taken for a thief who reuses an old token, and so end
 * a stranger's session. Only digests of the whole text are stored.
 */

import { equalInConstantTime, hmacSha256 } from '../kernel/digest.ts';
import type { RandomBytes } from '../kernel/random.ts';

export interface RefreshTokens {
  /** The first token of a new family. */
  first(family: string): string;
  /** The family of a token that this server made, current or not; null for any other text. */
  familyOf(text: string): string | null;
  /** The token that replaces `text`: always the same one, so that an honest retry gets what the lost answer held. */
  successorOf(text: string): string;
  /** Secret bytes of the opaque access token that goes with `text`, at most 32; the same on every retry. */
  accessSecretOf(text: string, size: number): Buffer;
}

const seedBytes = 16;
const tagBytes = 16;
const shape = /^([A-Za-z0-9._-]{1,64})\.([A-Za-z0-9_-]{43})$/;

/**
 * `key` is 32 bytes that only the servers of one realm know; another key for each strategy keeps their tokens apart.
 * Tokens made under a previous key are recognised, and their successors are made under the present one. While some nodes
 * have another present key than others, a retry that meets the other kind counts as a used token.
 */
export function createRefreshTokens(
  key: Buffer,
  random: RandomBytes,
  previousKeys: readonly Buffer[] = [],
): RefreshTokens {
  const accepted = [key, ...previousKeys];
  const derive = (purpose: string, text: string, size: number, by = key): Buffer =>
    Buffer.from(hmacSha256(by, `${purpose}:${text}`), 'base64url').subarray(0, size);

  function compose(family: string, seed: Buffer, by = key): string {
    const tag = derive('tag', `${family}.${seed.toString('base64url')}`, tagBytes, by);
    return `${family}.${Buffer.concat([seed, tag]).toString('base64url')}`;
  }

  function familyOf(text: string): string | null {
    const [, family, secret] = shape.exec(text) ?? [];
    if (family === undefined || secret === undefined) return null;
    const seed = Buffer.from(secret, 'base64url').subarray(0, seedBytes);
    // Comparing texts, not bytes: a second spelling of the same bytes is not the token we issued.
    return accepted.some((by) => equalInConstantTime(compose(family, seed, by), text)) ? family : null;
  }

  return {
    first: (family) => compose(family, random(seedBytes)),
    familyOf,
    successorOf: (text) => compose(text.slice(0, text.lastIndexOf('.')), derive('successor', text, seedBytes)),
    accessSecretOf: (text, size) => derive('access', text, size),
  };
}
