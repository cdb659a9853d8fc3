/** The keys a server is given: read, and refused when they are too weak, before anything starts. */

import { createPrivateKey, createSecretKey, type KeyObject } from 'node:crypto';
import { algorithms } from '../keys/algorithms.ts';
import type { Complain, Reading, Values } from './reading.ts';
import type { SettingName } from './settings.ts';

/** What a value was found to be, or what is wrong with it; the value itself is never repeated. */
export type Found<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

const minimalSecretBytes = 32;

export const secretRemedy = `make one with: node -p "crypto.randomBytes(32).toString('base64url')"`;
export const rsaRemedy =
  'make one with: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out rs256.pem, and name it in rs256PrivateKeyFile';

/** The root secret from its text, which has the right characters. */
export function readSecret(text: string): Found<KeyObject> {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length < minimalSecretBytes)
    return { ok: false, message: `must be 32 random bytes or more in base64url; ${secretRemedy}` };
  // 32 random bytes with so few different values do not occur; a phrase or a repeated word does.
  if (new Set(bytes).size < 12) return { ok: false, message: `is not random; ${secretRemedy}` };
  return { ok: true, value: createSecretKey(bytes) };
}

/** An RSA private key in PEM; line ends may be written as `\n`, as environment files need it. */
export function readRsaKey(pem: string): Found<KeyObject> {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem.replaceAll('\\n', '\n'));
  } catch {
    return { ok: false, message: `is not a private key in PEM without a passphrase; ${rsaRemedy}` };
  }
  const { bitsOf, minimalBits } = algorithms.rs256;
  const bits = bitsOf(key);
  if (bits === null) return { ok: false, message: `is not an RSA key; ${rsaRemedy}` };
  if (bits < minimalBits) return { ok: false, message: `has ${bits} bits and needs ${minimalBits}; ${rsaRemedy}` };
  return { ok: true, value: key };
}

export interface Keys {
  readonly secret: KeyObject | null;
  readonly rs256PrivateKey: KeyObject | null;
}

/** Whether a server may start without keys of its own and make them up: only where nothing depends on them for long. */
export function inventsKeys(values: Values): boolean {
  return values.demoUsers === true || values.lab === true;
}

/** Reads both keys. The PEM in the environment wins over the file. */
export function readKeys(reading: Reading): Keys {
  const { values, complain } = reading;
  if (values.secret === undefined && !inventsKeys(values)) {
    complain(
      ['secret'],
      `is missing; ${secretRemedy}. To look around first, start with --demo-users --plain-http loopback`,
    );
  }
  return {
    secret: values.secret === undefined ? null : accept('secret', readSecret(values.secret), complain),
    rs256PrivateKey: readPrivateKey(reading),
  };
}

function readPrivateKey({ values, complain, open }: Reading): KeyObject | null {
  if (values.rs256PrivateKey !== undefined) {
    return accept('rs256PrivateKey', readRsaKey(values.rs256PrivateKey), complain);
  }
  if (values.rs256PrivateKeyFile === undefined) return null;
  const file = open('rs256PrivateKeyFile', values.rs256PrivateKeyFile);
  return file === null ? null : accept('rs256PrivateKeyFile', readRsaKey(file.text.toString('utf8')), complain);
}

function accept<T>(name: SettingName, found: Found<T>, complain: Complain): T | null {
  if (found.ok) return found.value;
  complain([name], found.message);
  return null;
}
