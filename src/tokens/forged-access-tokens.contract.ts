/** Access tokens that must never be accepted, as data: the verifier's tests and every strategy's go through all of them. */

import type { SignatureKey } from '../keys/key-ring.ts';
import { forgedClaims, forgedHeaders } from './forged-claims.contract.ts';
import {
  compactJws,
  decode,
  encode,
  type Forgery,
  foreignKeys,
  genuineSigner,
  type Members,
  otherAlgorithms,
} from './forged-signatures.contract.ts';

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
    ...signatures(genuine, key),
    ...otherAlgorithms(header, payload, key),
    ...foreignKeys(header, payload, key),
    ...forgedHeaders(header).map(([name, head]) => signed(name, head, payload)),
    ...forgedClaims(payload, nowSeconds).map(([name, body]) => signed(name, header, body)),
  ];
}

/** The text with one of its characters replaced, for every `step`th of them and the last. */
export function damaged(text: string, step: number): readonly Forgery[] {
  return Array.from(text, (character, index) => ({
    name: `character ${index} changed`,
    token: text.slice(0, index) + (character === 'A' ? 'B' : 'A') + text.slice(index + 1),
  })).filter((_, index) => index % step === 0 || index === text.length - 1);
}

function spellings(genuine: string): readonly Forgery[] {
  const [header = '', payload = '', signature = ''] = genuine.split('.');
  const direct = encode({ alg: 'dir', enc: 'A256GCM', zip: 'DEF' });
  const costly = encode({ alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2c: 2 ** 31 - 1, p2s: 'AAAAAAAAAAA' });
  const tokens: Readonly<Record<string, string>> = {
    'without signature': `${header}.${payload}.`,
    'two parts': `${header}.${payload}`,
    'one part': header,
    'four parts': `${genuine}.${signature}`,
    'five parts, as a JWE': `${header}.${payload}.${signature}.${payload}.${signature}`,
    'a JWE with zip': `${direct}..${payload}.${payload}.${signature}`,
    'a JWE with a costly password': `${costly}.${signature}.${payload}.${payload}.${signature}`,
    nested: `${header}.${encode(genuine)}.${signature}`,
    'every part twice': `${genuine}.${genuine}`,
    'half of it': genuine.slice(0, genuine.length / 2),
    'an empty part before it': `.${genuine}`,
    'only dots': '...',
    'two dots': '..',
    nothing: '',
    'longer than any token': `${header}.${'A'.repeat(9_000)}.${signature}`,
    'JSON serialisation': JSON.stringify({ protected: header, payload, signature }),
    'JSON serialisation, encoded': encode({ protected: header, payload, signature }),
    'header padded': `${header}=.${payload}.${signature}`,
    'header with a blank inside': `${encode(` ${JSON.stringify(decode(header))}`)}.${payload}.${signature}`,
  };
  return Object.entries(tokens).map(([name, token]) => ({ name, token }));
}

/** The genuine signature in another spelling, or none at all in the right length. */
function signatures(genuine: string, key: SignatureKey): readonly Forgery[] {
  const at = genuine.lastIndexOf('.') + 1;
  const bytes = Buffer.from(genuine.slice(at), 'base64url');
  const plain = bytes.toString('base64');
  const halves = [bytes.subarray(0, bytes.length / 2), bytes.subarray(bytes.length / 2)];
  const texts: Readonly<Record<string, string>> = {
    padded: `${genuine.slice(at)}=`,
    'padded with two': `${genuine.slice(at)}==`,
    'in plain base64': plain,
    'in plain base64 without padding': plain.replaceAll('=', ''),
    'with spare bits set': respelled(genuine.slice(at)),
    'with a blank after it': `${genuine.slice(at)} `,
    'with a line end after it': `${genuine.slice(at)}\n`,
    'with a leading zero': Buffer.concat([Buffer.alloc(1), bytes]).toString('base64url'),
    'with a trailing zero': Buffer.concat([bytes, Buffer.alloc(1)]).toString('base64url'),
    'without its first byte': bytes.subarray(1).toString('base64url'),
    'without its last byte': bytes.subarray(0, -1).toString('base64url'),
    'its halves swapped': Buffer.concat(halves.reverse()).toString('base64url'),
    'all zeros': Buffer.alloc(bytes.length).toString('base64url'),
    'all ones': Buffer.alloc(bytes.length, 0xff).toString('base64url'),
    ...(key.algorithm.jws === 'Ed25519' ? { 'with the order added': withOrderAdded(bytes) } : {}),
  };
  return Object.entries(texts)
    .filter(([, text]) => text !== genuine.slice(at))
    .map(([name, text]) => ({ name: `signature ${name}`, token: genuine.slice(0, at) + text }));
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The next text that decodes to the same bytes; the text itself where there is none. */
export function respelled(text: string): string {
  const next = text.slice(0, -1) + (alphabet[alphabet.indexOf(text.at(-1) ?? '') + 1] ?? '');
  return Buffer.from(next, 'base64url').equals(Buffer.from(text, 'base64url')) ? next : text;
}

const ed25519Order = 2n ** 252n + 27742317777372353535851937790883648493n;

/** Adds the group's order to S, the second half in little-endian order: the same point, another text (RFC 8032 8.4). */
function withOrderAdded(signature: Buffer): string {
  const littleEndian = Buffer.from(signature.subarray(32)).reverse().toString('hex');
  const sum = (BigInt(`0x${littleEndian}`) + ed25519Order).toString(16).padStart(64, '0');
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(sum, 'hex').reverse()]).toString('base64url');
}
