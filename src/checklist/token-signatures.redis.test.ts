/** Rows 24 to 28 over HTTP: signatures, algorithms, and keys that are taken for others. */

import { createHmac, type KeyObject } from 'node:crypto';
import { expect, test } from 'vitest';
import { algorithmNames, algorithms } from '../keys/algorithms.ts';
import { traitsOf, variantNames } from '../strategies/registry.ts';
import { damaged } from '../tokens/forged-access-tokens.contract.ts';
import {
  compactJws,
  encode,
  type Forgery,
  foreignKeys,
  genuineSigner,
  otherAlgorithms,
  type Signer,
} from '../tokens/forged-signatures.contract.ts';
import { describeRow } from './row.contract.ts';
import {
  type Genuine,
  signedByJwt,
  signedInEachWay,
  signedNames,
  useTokenServer,
  withHeader,
} from './token-server.contract.ts';

const server = useTokenServer(signedInEachWay);
const byOtherLibraries = variantNames().filter((name) => signedByJwt.includes(name));
const byDefault = signedByJwt.filter((name) => !byOtherLibraries.includes(name));

function hmac(hash: string, secret: string | Buffer): Signer {
  return (input) => createHmac(hash, secret).update(input).digest('base64url');
}

describeRow(24, () => {
  test('another character at every place, by each algorithm; at every ninth, by each library', async () => {
    await server.expectAllRefused(({ token }) => damaged(token, 1), byDefault);
    await server.expectAllRefused(({ token }) => damaged(token, 9), byOtherLibraries);
  });

  test('a character here and there, also where more is asked than the signature', () =>
    server.expectAllRefused(({ token }) => damaged(token, 11)));

  test('claims that were exchanged under a signature that was right for others', () =>
    server.expectAllRefused(({ token, payload }) => {
      const [header, , signature] = token.split('.');
      const claims: Record<string, unknown> = { sub: 'user-000001', roles: ['admin'], exp: Number(payload.exp) + 1 };
      return Object.entries(claims).map(([claim, value]) => ({
        name: `another ${claim}`,
        token: `${header}.${encode({ ...payload, [claim]: value })}.${signature}`,
      }));
    }));

  test('nobody is logged out by a token that only says it is theirs', async () => {
    for (const name of server.names) {
      const { token } = server.genuine(name);
      const unsigned = `${token.slice(0, token.lastIndexOf('.'))}.${'A'.repeat(token.length - token.lastIndexOf('.') - 1)}`;
      const headers = { authorization: `Bearer ${unsigned}` };
      for (const path of ['/auth/logout', '/auth/logout-all'])
        await server.pool.send('POST', `/${name}${path}`, headers);
      await server.pool.send('POST', `/${name}/auth/login`, headers, { username: 'user-000002', password: 'wrong' });
      expect([name, (await server.judge(name, token)).status]).toEqual([name, 200]);
    }
  });
});

describeRow(25, () => {
  test('no algorithm, in every spelling, unsigned or signed by anything', () =>
    server.expectAllRefused(({ header, payload, sign, key }) => {
      const { alg: _, ...bare } = header;
      const own = key.algorithm.jws;
      const spellings = ['none', 'None', 'NONE', 'nOnE', 'none ', '', null, [], ['none'], [own], {}, 0, true];
      const headers = [bare, ...spellings.map((alg) => ({ ...header, alg }))];
      const signers: readonly (readonly [string, Signer])[] = [
        ['unsigned', () => ''],
        ['signed with the right key', sign],
        ['signed with an empty key', hmac('sha256', '')],
      ];
      return headers.flatMap((head) =>
        signers.map(([how, signer]) => ({
          name: `${JSON.stringify(head)} ${how}`,
          token: compactJws(head, payload, signer),
        })),
      );
    }));

  test('every other algorithm there is, in name, in fact, or both', () =>
    server.expectAllRefused(({ header, payload, key }) => otherAlgorithms(header, payload, key)));
});

describeRow(26, () => {
  test('the right name in other letters, over a signature that is right', () =>
    server.expectAllRefused((genuine) => {
      const { header, key } = genuine;
      const own = key.algorithm.jws;
      const mixed = own.charAt(0) + own.slice(1).toLowerCase();
      const swapped = own === 'Ed25519' ? 'eD25519' : mixed;
      return [own.toLowerCase(), own === 'Ed25519' ? 'ED25519' : mixed, swapped, ` ${own}`, `${own}\0`].map((alg) =>
        withHeader(genuine, JSON.stringify(alg), { ...header, alg }),
      );
    }));

  test("the server's own key of another algorithm", () =>
    server.expectAllRefused((genuine) => {
      const { header, payload, key } = genuine;
      const others = server.keys.filter((other) => other !== key);
      expect(others).toHaveLength(algorithmNames.length - 1);
      return others.flatMap((other): Forgery[] => {
        const sign = genuineSigner(other);
        const { kid } = other;
        const alg = other.algorithm.jws;
        return [
          { name: `${alg} as such`, token: compactJws({ ...header, alg, kid }, payload, sign) },
          { name: `${alg} under this alg`, token: compactJws({ ...header, kid }, payload, sign) },
          { name: `${alg} under this kid`, token: compactJws({ ...header, alg }, payload, sign) },
          { name: `${alg} called by all names of this key`, token: compactJws(header, payload, sign) },
        ];
      });
    }));

  test('this key, used by the other algorithm that it would be good for', () => {
    const twins = { RS256: algorithms.ps256, PS256: algorithms.rs256 };
    const names = server.names.filter((name) => server.keyOf(name).signing.asymmetricKeyType === 'rsa');
    expect(names.length).toBeGreaterThan(0);
    return server.expectAllRefused(({ header, payload, key }) => {
      const algorithm = twins[key.algorithm.jws as keyof typeof twins];
      const sign = genuineSigner({ algorithm, signing: key.signing });
      return [header.alg, algorithm.jws].map((alg) => ({
        name: `${algorithm.jws} called ${alg}`,
        token: compactJws({ ...header, alg }, payload, sign),
      }));
    }, names);
  });
});

describeRow(27, () => {
  test('public keys in every form, as secrets for each of the HMAC algorithms', () =>
    server.expectAllRefused(({ header, payload, key }) => foreignKeys(header, payload, key)));

  test('what the server itself publishes, and what may stand before it', async () => {
    const { text } = await server.pool.send('GET', '/.well-known/jwks.json');
    const { keys } = JSON.parse(text) as { keys: readonly Record<string, string>[] };
    expect(keys).toHaveLength(algorithmNames.length - 1);
    const published = [text, ...keys.flatMap((key) => [JSON.stringify(key), ...Object.values(key)])];
    const pairs = server.keys.filter(({ verification }) => verification.type === 'public');
    const secrets = new Set([...published, ...pairs.flatMap(({ verification }) => textForms(verification))]);
    await server.expectAllRefused((genuine) => [...secrets].flatMap((secret) => confusedBy(genuine, secret)));
  });
});

function textForms(key: KeyObject): readonly string[] {
  const pem = key.export({ format: 'pem', type: 'spki' }).toString();
  const base64 = pem.replaceAll(/-----[^-]+-----|\s/g, '');
  const junk = [' ', '\n', '\t', '\r\n', '\uFEFF', '#', 'x', '\0', '-----BEGIN NOTHING-----\n'];
  const rsa = key.asymmetricKeyType === 'rsa' ? [key.export({ format: 'pem', type: 'pkcs1' }).toString()] : [];
  return [pem, pem.trim(), pem.replaceAll('\n', '\r\n'), base64, ...rsa, ...junk.map((before) => before + pem)];
}

/** Called HS256, because that is what it is, and called by this key's own algorithm. */
function confusedBy({ header, payload }: Genuine, secret: string): readonly Forgery[] {
  const sign = hmac('sha256', secret);
  const name = JSON.stringify(secret.slice(0, 40));
  return [
    { name: `HS256 with ${name}`, token: compactJws({ ...header, alg: 'HS256' }, payload, sign) },
    { name: `as if by its key with ${name}`, token: compactJws(header, payload, sign) },
  ];
}

describeRow(28, () => {
  test('every HMAC algorithm over an empty key, under every kind of kid', () =>
    server.expectAllRefused(({ header, payload }) => {
      const { kid: _, ...bare } = header;
      const kids: readonly unknown[] = [header.kid, 'unknown', '', null, [], {}, 0, false];
      const headers = [bare, ...kids.map((kid) => ({ ...header, kid }))];
      return headers.flatMap((head) =>
        ['256', '384', '512'].flatMap((bits) =>
          [header.alg, `HS${bits}`].map((alg) => ({
            name: `HS${bits} ${JSON.stringify({ ...head, alg })}`,
            token: compactJws({ ...head, alg }, payload, hmac(`sha${bits}`, '')),
          })),
        ),
      );
    }));

  test('the strategies that were asked are all that sign', () => {
    expect(new Set(signedNames.map((name) => traitsOf(name).signature?.library))).toEqual(
      new Set(['jsonwebtoken', 'jose', 'fast-jwt']),
    );
    expect(signedNames.length).toBe(
      signedByJwt.length * new Set(signedNames.map((name) => traitsOf(name).family)).size,
    );
  });
});
