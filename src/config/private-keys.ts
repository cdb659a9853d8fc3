/** The private keys a server is given: read, and refused when they are weak or of the wrong kind, before anything starts. */

import { createPrivateKey, type KeyObject } from 'node:crypto';
import { type AlgorithmName, algorithms } from '../keys/algorithms.ts';
import { weaknessOf } from '../keys/key-ring.ts';
import type { Reading } from './reading.ts';
import { type Found, readSecret } from './secrets.ts';

/** By algorithm. Where there is none, the nodes of the realm make one and share it through the log. */
export type PrivateKeys = Readonly<Partial<Record<AlgorithmName, KeyObject>>>;

const rsaOptions = '-algorithm RSA -pkeyopt rsa_keygen_bits:3072';

/** What `openssl genpkey` makes a key of each algorithm with. */
const opensslOptions = {
  rs256: rsaOptions,
  ps256: rsaOptions,
  es256: '-algorithm EC -pkeyopt ec_paramgen_curve:P-256',
  ed25519: '-algorithm ed25519',
} as const satisfies Partial<Record<AlgorithmName, string>>;

type KeyName = keyof typeof opensslOptions;
const keyNames = Object.keys(opensslOptions) as readonly KeyName[];

/** Reads every key that is named. One in the environment wins over its file. */
export function readPrivateKeys(reading: Reading): PrivateKeys {
  const keys: Partial<Record<KeyName, KeyObject>> = {};
  for (const name of keyNames) {
    const key = readKeyOf(name, reading);
    if (key === null) continue;
    const twin = keyNames.find((other) => keys[other] !== undefined && isSameKey(keys[other], key));
    keys[name] = key;
    if (twin === undefined) continue;
    // A verifier that takes a key for two algorithms can be talked into the weaker one (RFC 8725 3.1).
    const message = `is the key of ${twin} too; each key is used with one algorithm, so ${remedyOf(name)}`;
    reading.complain([`${name}PrivateKey`, `${name}PrivateKeyFile`], message);
  }
  const shared = readSharedKey(reading);
  return shared === null ? keys : { ...keys, hs256: shared };
}

/** Whoever has it signs as this server does: for those alone who must verify its tokens and can do nothing but HMAC. */
function readSharedKey({ values, complain }: Reading): KeyObject | null {
  if (values.hs256Key === undefined) return null;
  const found = readSecret(values.hs256Key);
  if (!found.ok) complain(['hs256Key'], found.message);
  else if (values.hs256Key === values.secret)
    complain(['hs256Key'], 'is the secret itself, from which all else is derived');
  else return found.value;
  return null;
}

function readKeyOf(name: KeyName, { values, complain, open }: Reading): KeyObject | null {
  const setting = `${name}PrivateKey` as const;
  const fileSetting = `${name}PrivateKeyFile` as const;
  const inEnvironment = values[setting];
  const path = values[fileSetting];
  const pem = inEnvironment ?? (path === undefined ? undefined : open(fileSetting, path)?.text.toString('utf8'));
  if (pem === undefined) return null;
  const found = readPrivateKey(name, pem);
  if (found.ok) return found.value;
  complain([inEnvironment === undefined ? fileSetting : setting], found.message);
  return null;
}

/** A private key in PEM; line ends may be written as `\n`, as environment files need it. */
function readPrivateKey(name: KeyName, pem: string): Found<KeyObject> {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem.replaceAll('\\n', '\n'));
  } catch {
    return { ok: false, message: `is not a private key in PEM without a passphrase; ${remedyOf(name)}` };
  }
  const weakness = weaknessOf(algorithms[name], key);
  return weakness === null ? { ok: true, value: key } : { ok: false, message: `${weakness}; ${remedyOf(name)}` };
}

/** Of keys of one type only: `KeyObject.equals` between types makes the next key that is read look broken (Node 20). */
function isSameKey(left: KeyObject, right: KeyObject): boolean {
  return left.asymmetricKeyType === right.asymmetricKeyType && left.equals(right);
}

function remedyOf(name: KeyName): string {
  return `make one with: openssl genpkey ${opensslOptions[name]} -out ${name}.pem, and name it in ${name}PrivateKeyFile`;
}
