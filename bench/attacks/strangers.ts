/** Keys that the attacker has made, and tokens that they sign. */

import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Forgery } from './forgeries.ts';
import { type Signer, signedBy } from './signer.ts';

interface StrangersKey extends Signer {
  readonly publicKey: KeyObject;
}

let made: readonly StrangersKey[] | null = null;

/** One of each kind, made when first asked for: it takes its time. */
export function strangersKeys(): readonly StrangersKey[] {
  made ??= [
    keyOf('RS256', generateKeyPairSync('rsa', { modulusLength: 2_048 })),
    keyOf('ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })),
    keyOf('Ed25519', generateKeyPairSync('ed25519')),
  ];
  return made;
}

function keyOf(
  algorithm: Signer['algorithm'],
  { publicKey, privateKey }: { readonly publicKey: KeyObject; readonly privateKey: KeyObject },
): StrangersKey {
  return { algorithm, key: privateKey, publicKey };
}

/** The same token by each of them, called by the algorithm that it was made with and by the one of the header. */
export function strangersTokens(header: Readonly<Record<string, unknown>>, payload: object): Forgery[] {
  return strangersKeys().flatMap((signer) => {
    const what = `signed by a stranger's ${signer.algorithm} key`;
    const renamed = { token: signedBy(signer, { ...header, alg: signer.algorithm }, payload), what };
    if (header.alg === signer.algorithm) return [renamed];
    return [renamed, { token: signedBy(signer, header, payload), what: `${what}, called ${String(header.alg)},` }];
  });
}

export function hmacVerifies(key: Buffer, input: string, signature: Buffer): boolean {
  return createHmac('sha256', key).update(input).digest().equals(signature);
}
