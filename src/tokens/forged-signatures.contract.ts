/** Signatures that must never be accepted, and what signs them: every use of a key that is not the one it was made for. */

import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { SignatureKey } from '../keys/key-ring.ts';

export interface Forgery {
  readonly name: string;
  readonly token: string;
}

export type Members = Readonly<Record<string, unknown>>;
export type Signer = (input: string) => string;

export const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
export const decode = (part: string | undefined): Members =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString());

/** A compact JWS of exactly these texts or objects, genuine in nothing but what the caller makes genuine. */
export function compactJws(header: unknown, payload: unknown, signer: Signer): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${signer(input)}`;
}

function signer(hash: string | null, key: Parameters<typeof sign>[2]): Signer {
  return (input) => sign(hash, Buffer.from(input), key).toString('base64url');
}

function hmac(hash: string, key: KeyObject | Buffer | string): Signer {
  return (input) => createHmac(hash, key).update(input).digest('base64url');
}

function pss(key: KeyObject, hash: string, saltLength: number = constants.RSA_PSS_SALTLEN_DIGEST): Signer {
  return signer(hash, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
}

function ecdsa(key: KeyObject, hash: string, dsaEncoding: 'ieee-p1363' | 'der' = 'ieee-p1363'): Signer {
  return signer(hash, { key, dsaEncoding });
}

/** Signs as the server would, by other means than the server's: with it, a forgery is wrong in one thing only. */
export function genuineSigner({ algorithm, signing }: Pick<SignatureKey, 'algorithm' | 'signing'>): Signer {
  switch (algorithm.jws) {
    case 'HS256':
      return hmac('sha256', signing);
    case 'RS256':
      return signer('sha256', signing);
    case 'PS256':
      return pss(signing, 'sha256');
    case 'ES256':
      return ecdsa(signing, 'sha256');
    case 'Ed25519':
      return signer(null, signing);
  }
}

/** Other values of `alg`: unsigned, signed as if nothing were wrong, and signed as that algorithm would with this key. */
export function otherAlgorithms(header: Members, payload: Members, key: SignatureKey): readonly Forgery[] {
  const genuine = genuineSigner(key);
  const own = key.algorithm.jws;
  const none = ['none', 'None', 'NONE', 'nOnE', '', null, [], [own]].flatMap((alg) => [
    { name: `alg ${JSON.stringify(alg)}, unsigned`, token: compactJws({ ...header, alg }, payload, () => '') },
    { name: `alg ${JSON.stringify(alg)}, signed`, token: compactJws({ ...header, alg }, payload, genuine) },
  ]);
  const { alg: _, ...withoutAlg } = header;
  const names = [own.toLowerCase(), own.toUpperCase(), `${own} `, `${own}\u0000`, 'EdDSA', 'Ed448', 'HS384', 'ES256K'];
  const renamed = [...names, 'HS256', 'RS256', 'PS256', 'ES256', 'Ed25519'].filter((alg) => alg !== own);
  return [
    ...none,
    { name: 'alg missing', token: compactJws(withoutAlg, payload, genuine) },
    ...renamed.map((alg) => ({
      name: `alg ${JSON.stringify(alg)} over a signature of ${own}`,
      token: compactJws({ ...header, alg }, payload, genuine),
    })),
    ...otherUsesOf(key).flatMap(([alg, other]) => [
      { name: `${alg} with the genuine key, called so`, token: compactJws({ ...header, alg }, payload, other) },
      { name: `${alg} with the genuine key, called ${own}`, token: compactJws(header, payload, other) },
    ]),
  ];
}

/** A key is used with one algorithm only, also by those who hold it. */
function otherUsesOf({ algorithm, signing }: SignatureKey): readonly (readonly [string, Signer])[] {
  switch (algorithm.jws) {
    case 'HS256':
      return [
        ['HS384', hmac('sha384', signing)],
        ['HS512', hmac('sha512', signing)],
        ['HS512 cut to 256 bits', (input) => hmac('sha512', signing)(input).slice(0, 43)],
      ];
    case 'RS256':
    case 'PS256':
      return [
        ...['384', '512'].map((bits) => [`RS${bits}`, signer(`sha${bits}`, signing)] as const),
        ...['384', '512'].map((bits) => [`PS${bits}`, pss(signing, `sha${bits}`)] as const),
        algorithm.jws === 'RS256' ? ['PS256', pss(signing, 'sha256')] : ['RS256', signer('sha256', signing)],
        ['RS1', signer('sha1', signing)],
        ['PS256 without salt', pss(signing, 'sha256', 0)],
      ];
    case 'ES256':
      return [
        ['ES384', ecdsa(signing, 'sha384')],
        ['ES512', ecdsa(signing, 'sha512')],
        ['ES256 in DER', ecdsa(signing, 'sha256', 'der')],
      ];
    case 'Ed25519':
      return [['Ed25519 over a digest', (input) => signer(null, signing)(hmac('sha512', '')(input))]];
  }
}

/** Made once: it takes its time. */
const rsaStranger = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** Signed with keys that are not ours, public ones used as HMAC secrets above all. */
export function foreignKeys(header: Members, payload: Members, key: SignatureKey): readonly Forgery[] {
  const publicKey = key.verification.type === 'public' ? key.verification : rsaStranger.publicKey;
  const confused = publicForms(key, publicKey).flatMap(([form, secret]) =>
    ['256', '384', '512'].flatMap((bits) => [
      {
        name: `HS${bits} with the ${form}`,
        token: compactJws({ ...header, alg: `HS${bits}` }, payload, hmac(`sha${bits}`, secret)),
      },
      {
        name: `HS${bits} with the ${form}, called ${key.algorithm.jws}`,
        token: compactJws(header, payload, hmac(`sha${bits}`, secret)),
      },
    ]),
  );
  const own = genuineSigner({ ...key, signing: strangerTo(key) });
  const rs256 = { ...header, alg: 'RS256' };
  const jwk = rsaStranger.publicKey.export({ format: 'jwk' });
  const strangerSigns = signer('sha256', rsaStranger.privateKey);
  return [
    ...confused,
    { name: "a stranger's key of the same kind", token: compactJws(header, payload, own) },
    { name: "a stranger's key brought along", token: compactJws({ ...rs256, jwk }, payload, strangerSigns) },
    {
      name: "a stranger's key brought along under its own kid",
      token: compactJws({ ...rs256, kid: 'mine', jwk: { ...jwk, kid: 'mine' } }, payload, strangerSigns),
    },
  ];
}

function strangerTo({ algorithm, signing, bits }: SignatureKey): KeyObject {
  return signing.asymmetricKeyType === 'rsa' ? rsaStranger.privateKey : algorithm.key.generate(bits);
}

/** Every form in which a public key, or what is published beside it, has been taken for a secret. */
function publicForms(
  { kid, algorithm }: SignatureKey,
  publicKey: KeyObject,
): readonly (readonly [string, Buffer | string])[] {
  const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString();
  const jwk = publicKey.export({ format: 'jwk' });
  const published = { ...jwk, kid, alg: algorithm.jws, use: 'sig' };
  return [
    ['PEM', pem],
    ['PEM without its last line end', pem.trimEnd()],
    ['PEM with CRLF', pem.replaceAll('\n', '\r\n')],
    ['PEM after a blank', ` ${pem}`],
    ['PEM after an empty line', `\n${pem}`],
    ['PEM after a byte order mark', `\uFEFF${pem}`],
    ['PEM after a comment', `# the public key\n${pem}`],
    ['DER', publicKey.export({ format: 'der', type: 'spki' })],
    ['JWK', JSON.stringify(jwk)],
    ['JWK Set', JSON.stringify({ keys: [published] })],
    ['first member of the JWK', Buffer.from(String(jwk.n ?? jwk.x), 'base64url')],
    ['kid', kid],
    ['empty key', ''],
  ];
}
