/** Access tokens that must never be accepted, as data: the verifier's tests and every strategy's go through all of them. */

import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { SignatureKey } from '../keys/key-ring.ts';

export interface Forgery {
  readonly name: string;
  readonly token: string;
}

type Members = Readonly<Record<string, unknown>>;
type Signer = (input: string) => string;

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const decode = (part: string | undefined): Members => JSON.parse(Buffer.from(part ?? '', 'base64url').toString());

/** A compact JWS of exactly these texts or objects, genuine in nothing but what the caller makes genuine. */
export function compactJws(header: unknown, payload: unknown, signer: Signer): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${signer(input)}`;
}

/** Signs as the server would: with it, a forgery is wrong in one thing only. */
export function genuineSigner(key: SignatureKey): Signer {
  if (key.signing.type === 'secret') return hmacSigner('sha256', key.signing);
  return privateKeySigner(key.signing);
}

function privateKeySigner(key: KeyObject, hash = 'sha256'): Signer {
  return (input) => sign(hash, Buffer.from(input), key).toString('base64url');
}

function hmacSigner(hash: string, key: KeyObject | Buffer | string): Signer {
  return (input) => createHmac(hash, key).update(input).digest('base64url');
}

/** Everything wrong that can be made out of one genuine token when its signing key is known to the test. */
export function forgeriesOf(genuine: string, key: SignatureKey, nowMillis: number): readonly Forgery[] {
  const [header, payload] = genuine.split('.', 2).map(decode) as [Members, Members];
  const signer = genuineSigner(key);
  const nowSeconds = Math.floor(nowMillis / 1000);
  const signed = (name: string, head: unknown, body: unknown): Forgery => ({
    name,
    token: compactJws(head, body, signer),
  });
  return [
    ...spellings(genuine),
    ...otherAlgorithms(header, payload, key),
    ...foreignKeys(header, payload, key),
    ...headers(header).map(([name, head]) => signed(name, head, payload)),
    ...claims(payload, nowSeconds).map(([name, body]) => signed(name, header, body)),
  ];
}

/** The text with one of its characters replaced, for every `step`th of them and the last. */
export function damaged(text: string, step: number): readonly Forgery[] {
  return Array.from(text, (character, index) => ({
    name: `character ${index} changed`,
    token: text.slice(0, index) + (character === 'A' ? 'B' : 'A') + text.slice(index + 1),
  })).filter((_, index) => index % step === 0 || index === text.length - 1);
}

function spellings(genuine: string): Forgery[] {
  const [header = '', payload = '', signature = ''] = genuine.split('.');
  return [
    { name: 'without signature', token: `${header}.${payload}.` },
    { name: 'two parts', token: `${header}.${payload}` },
    { name: 'four parts', token: `${genuine}.${signature}` },
    { name: 'five parts, as a JWE', token: `${header}.${payload}.${signature}.${payload}.${signature}` },
    { name: 'every part twice', token: `${genuine}.${genuine}` },
    { name: 'half of it', token: genuine.slice(0, genuine.length / 2) },
    { name: 'padded', token: `${genuine}=` },
    { name: 'only dots', token: '...' },
    { name: 'longer than any token', token: `${header}.${'A'.repeat(9_000)}.${signature}` },
    { name: 'JSON serialisation', token: encode({ protected: header, payload, signature }) },
  ];
}

/** Other values of `alg`, unsigned or signed with what an attacker can know. */
function otherAlgorithms(header: Members, payload: Members, key: SignatureKey): Forgery[] {
  const unsigned = ['none', 'None', 'NONE', 'nOnE', '', null, [], [header.alg]].flatMap((alg) => [
    { name: `alg ${JSON.stringify(alg)}, unsigned`, token: compactJws({ ...header, alg }, payload, () => '') },
    { name: `alg ${JSON.stringify(alg)}, signed`, token: compactJws({ ...header, alg }, payload, genuineSigner(key)) },
  ]);
  const { alg: _, ...withoutAlg } = header;
  const own = String(header.alg);
  const renamed = [own.toLowerCase(), `${own} `, own === 'HS256' ? 'RS256' : 'HS256', 'PS256', 'HS384', 'EdDSA'];
  return [
    ...unsigned,
    { name: 'alg missing', token: compactJws(withoutAlg, payload, genuineSigner(key)) },
    ...renamed.map((alg) => ({
      name: `alg ${JSON.stringify(alg)} over the genuine signature's key`,
      token: compactJws({ ...header, alg }, payload, genuineSigner(key)),
    })),
    ...otherUsesOf(key).map(([alg, signer]) => ({
      name: `${alg} over the genuine key, as that algorithm would`,
      token: compactJws({ ...header, alg }, payload, signer),
    })),
  ];
}

/** A key is used with one algorithm only, also by those who hold it. */
function otherUsesOf(key: SignatureKey): [string, Signer][] {
  const { signing } = key;
  if (signing.type === 'secret') return ['384', '512'].map((bits) => [`HS${bits}`, hmacSigner(`sha${bits}`, signing)]);
  const pss = { key: signing, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  return [
    ...['384', '512'].map((bits): [string, Signer] => [`RS${bits}`, privateKeySigner(signing, `sha${bits}`)]),
    ['PS256', (input) => sign('sha256', Buffer.from(input), pss).toString('base64url')],
  ];
}

/** Signed with keys that are not ours, public ones used as HMAC secrets above all. */
function foreignKeys(header: Members, payload: Members, key: SignatureKey): Forgery[] {
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicKey = key.verification.type === 'public' ? key.verification : stranger.publicKey;
  const pem = String(publicKey.export({ format: 'pem', type: 'spki' }));
  const jwk = publicKey.export({ format: 'jwk' });
  const secrets: readonly (readonly [string, Buffer | string])[] = [
    ['PEM', pem],
    ['PEM without its last line end', pem.trimEnd()],
    ['PEM with CRLF', pem.replaceAll('\n', '\r\n')],
    ['PEM after a blank', ` ${pem}`],
    ['DER', publicKey.export({ format: 'der', type: 'spki' })],
    ['JWK', JSON.stringify(jwk)],
    ['JWK Set', JSON.stringify({ keys: [{ ...jwk, kid: key.kid, alg: key.algorithm.jws, use: 'sig' }] })],
    ['modulus', Buffer.from(String(jwk.n), 'base64url')],
    ['kid', key.kid],
    ['empty key', ''],
  ];
  const confused = secrets.flatMap(([name, secret]) =>
    ['256', '384', '512'].map((bits) => ({
      name: `HS${bits} with the ${name}`,
      token: compactJws({ ...header, alg: `HS${bits}` }, payload, hmacSigner(`sha${bits}`, secret)),
    })),
  );
  const strangerSigns = privateKeySigner(stranger.privateKey);
  const embedded = { ...header, alg: 'RS256', jwk: stranger.publicKey.export({ format: 'jwk' }) };
  return [
    ...confused,
    { name: "a stranger's key", token: compactJws({ ...header, alg: 'RS256' }, payload, strangerSigns) },
    { name: "a stranger's key brought along as jwk", token: compactJws(embedded, payload, strangerSigns) },
  ];
}

function headers(header: Members): [string, unknown][] {
  const { typ: _typ, kid: _kid, ...bare } = header;
  const typs = ['JWT', 'rt+jwt', 'AT+JWT', '', null, ['at+jwt']].map((typ): [string, unknown] => [
    `typ ${JSON.stringify(typ)}`,
    { ...header, typ },
  ]);
  const kids = ['../../../dev/null', "' OR 1=1--", '__proto__', 'constructor', '', null, [header.kid], {}, 1].map(
    (kid): [string, unknown] => [`kid ${JSON.stringify(kid)}`, { ...header, kid }],
  );
  const extensions = {
    crit: ['exp'],
    b64: false,
    jku: 'http://127.0.0.1:9/',
    x5u: 'http://127.0.0.1:9/',
    x5c: ['MA=='],
  };
  return [
    ['typ missing', { ...bare, kid: header.kid }],
    ['kid missing', { ...bare, typ: header.typ }],
    ...typs,
    ...kids,
    ['crit empty', { ...header, crit: [] }],
    ['crit twice', `${JSON.stringify({ ...header, crit: [] }).slice(0, -1)},"crit":["exp"]}`],
    ...Object.entries(extensions).map(([name, value]): [string, unknown] => [name, { ...header, [name]: value }]),
  ];
}

function claims(payload: Members, nowSeconds: number): [string, unknown][] {
  const text = JSON.stringify(payload);
  const missing = ['iss', 'aud', 'sub', 'sid', 'jti', 'client_id', 'roles', 'iat', 'exp'].map(
    (name): [string, unknown] => [
      `${name} missing`,
      Object.fromEntries(Object.entries(payload).filter(([key]) => key !== name)),
    ],
  );
  const lists = ['iss', 'aud', 'sub', 'sid', 'jti', 'exp'].map((name): [string, unknown] => [
    `${name} as a list that holds the right one`,
    { ...payload, [name]: [payload[name]] },
  ]);
  const times = ['"9999999999"', '-1', '0', `${nowSeconds + 60}.5`, '1e400', 'null', 'true', '{}'].map(
    (exp): [string, unknown] => [`exp ${exp}`, text.replace(`"exp":${payload.exp}`, `"exp":${exp}`)],
  );
  const values: Readonly<Record<string, readonly unknown[]>> = {
    iss: ['', `${payload.iss}/`, String(payload.iss).toUpperCase(), null],
    aud: ['', `${payload.aud}x`, [payload.aud, 'other'], null],
    sub: ['', 1, {}, null, 'x'.repeat(256)],
    sid: ['', '*', '0', `${payload.sid}\n`, '{0}.x'],
    jti: ['', 1, 'x'.repeat(65)],
    roles: ['user', {}, [1], null],
    nbf: [nowSeconds + 3_600, '0', null, 'soon'],
    iat: ['0', null, -1],
  };
  return [
    ...missing,
    ...lists,
    ...times,
    ...Object.entries(values).flatMap(([name, wrong]) =>
      wrong.map((value): [string, unknown] => [
        `${name} ${JSON.stringify(value)}`.slice(0, 60),
        { ...payload, [name]: value },
      ]),
    ),
    ['long expired', { ...payload, exp: nowSeconds - 86_400 }],
    ['claims in __proto__', `{"__proto__":${text}}`],
    ...['[1]', 'null', '"x"', '1', '', '{', `[${text}]`].map((body): [string, unknown] => [
      `payload ${body}`.slice(0, 20),
      body,
    ]),
  ];
}
