/** Digests and comparisons of secrets, all as base64url text. */

import { createHash, createHmac, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';

/** SHA-256 of `text`: 43 base64url characters. Enough for a secret of 128 random bits or more; never for a password. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** HMAC-SHA-256 of `text` under `key`: 43 base64url characters that nobody without the key can foretell (RFC 2104). */
export function hmacSha256(key: KeyObject | Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

/** 32 bytes derived from `secret` for one `purpose` (HKDF-SHA-256, RFC 5869). Different purposes share no bytes. */
export function deriveKey(secret: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `authlab/${purpose}`, 32));
}

/** Compares two texts in a time that depends on their lengths alone. */
export function equalInConstantTime(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}
