/** The root secret a server is given, and the one before: read, and refused when too weak, before anything starts. */

import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Reading, Values } from './reading.ts';

/** What a value was found to be, or what is wrong with it; the value itself is never repeated. */
export type Found<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

const minimalSecretBytes = 32;

export const secretRemedy = `make one with: node -p "crypto.randomBytes(32).toString('base64url')"`;

/** The root secret from its text, which has the right characters. */
export function readSecret(text: string): Found<KeyObject> {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length < minimalSecretBytes)
    return { ok: false, message: `must be 32 random bytes or more in base64url; ${secretRemedy}` };
  // 32 random bytes with so few different values do not occur; a phrase or a repeated word does.
  if (new Set(bytes).size < 12) return { ok: false, message: `is not random; ${secretRemedy}` };
  return { ok: true, value: createSecretKey(bytes) };
}

/** Whether a server may start without a secret and make one up: only where nothing depends on it for long. */
function inventsSecret(values: Values): boolean {
  return values.demoUsers === true || values.lab === true;
}

/** The root secret; null where it was not given, and need not be or was complained of. */
export function readRootSecret({ values, complain }: Reading): KeyObject | null {
  if (values.secret === undefined) {
    if (inventsSecret(values)) return null;
    complain(
      ['secret'],
      `is missing; ${secretRemedy}. To look around first, start with --demo-users --plain-http loopback`,
    );
    return null;
  }
  const found = readSecret(values.secret);
  if (found.ok) return found.value;
  complain(['secret'], found.message);
  return null;
}

/** The secret that came before; null where none was given, or one that was complained of. */
export function readPreviousSecret({ values, complain }: Reading): KeyObject | null {
  if (values.previousSecret === undefined) return null;
  const found = readSecret(values.previousSecret);
  if (!found.ok) {
    complain(['previousSecret'], found.message);
    return null;
  }
  if (values.secret === undefined) complain(['previousSecret'], 'is given without a secret that came after it');
  if (values.secret === values.previousSecret) complain(['previousSecret'], 'is the secret itself');
  return found.value;
}
