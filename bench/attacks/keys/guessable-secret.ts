/** Guesses the HMAC secret from a list of known ones, offline (RFC 8725 3.5, RFC 7518 3.2). */

import { createHmac } from 'node:crypto';
import type { Credential } from '../../workload/credential.ts';
import type { CataloguedAttack, Scene } from '../attack.ts';
import { accessTokenType, keyId } from '../broken/claims.ts';
import { claimsOf } from '../broken/parts.ts';
import { readToken } from '../broken/read-token.ts';
import { cookiesIn, signatureSuffix } from '../cookies.ts';
import { open } from '../crafted.ts';
import { NothingProven } from '../nothing-proven.ts';
import { accessTokenOf } from '../requests.ts';
import { hmacVerifies } from '../strangers.ts';
import { signedWithHmac } from '../token.ts';
import { withoutSharedSecret } from '../traits.ts';

/** From manuals, tutorials and starter kits, as lists for crackers have them. */
const knownSecrets: readonly string[] = [
  ...[
    'secret',
    'Secret',
    'SECRET',
    'secret1',
    'secret123',
    'secretkey',
    'secret_key',
    'secret-key',
    'mysecret',
    'my_secret',
  ],
  ...[
    'my-secret',
    'mysecretkey',
    'my-secret-key',
    'supersecret',
    'super-secret',
    'super_secret',
    'topsecret',
    'shhhhh',
  ],
  ...[
    'shhhhhared-secret',
    'your-256-bit-secret',
    'your-384-bit-secret',
    'your-512-bit-secret',
    'a-string-secret-at-least-256-bits-long',
  ],
  ...[
    'jwt',
    'jwtsecret',
    'jwt-secret',
    'jwt_secret',
    'jwt_secret_key',
    'JWT_SECRET',
    'token',
    'key',
    'private',
    'privatekey',
  ],
  ...[
    'password',
    'Password1',
    'passw0rd',
    'changeme',
    'change-me',
    'changeit',
    'default',
    'test',
    'testing',
    'dev',
    'development',
  ],
  ...[
    'keyboard cat',
    'some secret hurr',
    'im a newer secret',
    'i like turtle',
    'koa:sess',
    'admin',
    'root',
    'qwerty',
    '123456',
    '12345678',
  ],
  ...[
    'abc123',
    'letmein',
    'none',
    'null',
    'undefined',
    'lab-password',
    'authlab',
    '0',
    '',
    ' ',
    'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  ],
];

export const guessableSecret: CataloguedAttack = {
  group: 'keys',
  name: 'guessable-secret',
  title: 'secret that can be guessed',
  deed: 'tries known secrets on a signature, at home',
  question: 'Is the secret one that anybody would try?',
  source: 'RFC 8725 3.5; RFC 7518 3.2; OWASP ASVS 5.0.0 11.2.3, 13.3.1',
  inapplicable: withoutSharedSecret,
  async run(scene, session) {
    const { input, signature, digests } = signedIn(scene, session);
    const found = knownSecrets.find((secret) =>
      digests.some((digest) => createHmac(digest, secret).update(input).digest().equals(signature)),
    );
    if (found !== undefined) return { outcome: open, evidence: `the signature is by the known secret "${found}"` };
    const evidence = `none of ${knownSecrets.length} known secrets makes the signature of ${signature.length} bytes`;
    return { outcome: { kind: 'blocked' }, evidence };
  },
  broken: {
    algorithm: 'HS256',
    mistake(_careful, world) {
      const secret = Buffer.from('shhhhh');
      return {
        issue: (session) =>
          signedWithHmac('HS256', { alg: 'HS256', typ: accessTokenType, kid: keyId }, claimsOf(session, world), secret),
        read: (token) =>
          readToken(token, {
            world,
            algorithm: 'HS256',
            verifies: (_header, input, signature) => hmacVerifies(secret, input, signature),
          }),
      };
    },
  },
};

interface Signed {
  readonly input: string;
  readonly signature: Buffer;
  readonly digests: readonly string[];
}

/** A token, or a cookie beside its signature (Keygrip: `name=value`, SHA-1 unless told otherwise). */
function signedIn({ contestant }: Scene, session: Credential): Signed {
  const token = accessTokenOf(contestant, session);
  if (token !== null) {
    const dot = token.lastIndexOf('.');
    return {
      input: token.slice(0, dot),
      signature: Buffer.from(token.slice(dot + 1), 'base64url'),
      digests: [`sha${contestant.traits.signature?.algorithm.slice(2)}`],
    };
  }
  const cookies = cookiesIn(session.headersFor(contestant.protectedPath).cookie);
  const signature = cookies.find(({ name }) => name.endsWith(signatureSuffix));
  const signed = cookies.find(({ name }) => `${name}${signatureSuffix}` === signature?.name);
  if (signature === undefined || signed === undefined) throw new NothingProven('no cookie stands beside its signature');
  return {
    input: `${signed.name}=${signed.value}`,
    signature: Buffer.from(signature.value, 'base64url'),
    digests: ['sha256', 'sha1'],
  };
}
