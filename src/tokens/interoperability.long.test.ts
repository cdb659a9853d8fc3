/** A token issued here is verified elsewhere from the published JWK Set alone, and what attackers make of it is refused there. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { systemClock } from '../kernel/clock.ts';
import { type AlgorithmName, algorithms } from '../keys/algorithms.ts';
import { jwkSet } from '../keys/jwks.ts';
import { KeyRing, signatureKey } from '../keys/key-ring.ts';
import { testRing } from '../keys/test-ring.contract.ts';
import { createAccessTokens } from './access-token.ts';
import { damaged } from './forged-access-tokens.contract.ts';
import {
  compactJws,
  decode,
  type Forgery,
  foreignKeys,
  genuineSigner,
  otherAlgorithms,
} from './forged-signatures.contract.ts';
import { librariesOf } from './libraries/by-algorithm.ts';

const issuer = 'https://issuer.test';
const audience = 'jwt';
const ring = testRing();
const shown: readonly AlgorithmName[] = ['rs256', 'es256', 'ps256'];

const folder = mkdtempSync(join(tmpdir(), 'authlab-interoperability-'));
const setFile = join(folder, 'jwks.json');
writeFileSync(setFile, JSON.stringify(jwkSet(ring)));
afterAll(() => rmSync(folder, { recursive: true }));

type Claims = Readonly<Record<string, unknown>>;

/** What another implementation makes of tokens: the claims of those it accepts, null for the others. */
interface Verifier {
  readonly name: string;
  /** Whether it looks at `exp`, or at signatures only. */
  readonly readsClaims: boolean;
  readonly available: boolean;
  verify(tokens: readonly string[]): readonly (Claims | null)[];
}

/** The interpreter that has the library: not always the first one on the path. */
const python = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import jwt, cryptography']).status === 0,
);

const pyJwt: Verifier = {
  name: 'PyJWT (apt-get install python3-jwt python3-cryptography)',
  readsClaims: true,
  available: python !== undefined,
  verify(tokens) {
    const script = fileURLToPath(new URL('verify-with-pyjwt.py', import.meta.url));
    const input = JSON.stringify({ jwks: jwkSet(ring), issuer, audience, tokens });
    const { stdout, stderr, status } = spawnSync(python ?? 'python3', [script], { input, encoding: 'utf8' });
    if (status !== 0) throw new Error(`PyJWT could not be asked: ${stderr}`);
    const results: readonly (Claims | string)[] = JSON.parse(stdout);
    return results.map((result) => (typeof result === 'string' ? null : result));
  },
};

const joseInC: Verifier = {
  name: 'José, in C (apt-get install jose)',
  readsClaims: false,
  available: spawnSync('jose', ['jws', 'ver', '--help']).error === undefined,
  verify: (tokens) =>
    tokens.map((input) => {
      const { stdout, status } = spawnSync('jose', ['jws', 'ver', '-i-', '-k', setFile, '-O-'], {
        input,
        encoding: 'utf8',
      });
      return status === 0 ? JSON.parse(stdout) : null;
    }),
};

async function issue(name: AlgorithmName, from: KeyRing, secondsAgo = 0): Promise<string> {
  const tokens = createAccessTokens({
    keys: from.keysOf(name),
    library: librariesOf[name][0],
    clock: systemClock,
    leewayMillis: 0,
    issuer,
    audience,
    isSessionId: () => true,
    prepare: () => null,
  });
  const issuedAtMillis = systemClock.wallMillis() - secondsAgo * 1000;
  const sid = '0.AAAAAAAAAAAAAAAAAAAAAA';
  const roles = ['user'];
  return tokens.sign({
    sub: 'alice',
    sid,
    tokenId: 'token-1',
    roles,
    issuedAtMillis,
    expiresAtMillis: issuedAtMillis + 600_000,
  });
}

/** What can be made by those who do not hold the key: each with no signature, or with the genuine token's. */
function withoutKey(forgeries: readonly Forgery[], genuine: string): readonly Forgery[] {
  const signature = genuine.slice(genuine.lastIndexOf('.'));
  return forgeries.flatMap(({ name, token }) => {
    const signed = token.slice(0, token.lastIndexOf('.'));
    const stolen = { name: `${name}, under the genuine token's signature`, token: signed + signature };
    return [{ name: `${name}, unsigned`, token: `${signed}.` }, stolen].filter((forgery) => forgery.token !== genuine);
  });
}

describe.each([pyJwt, joseInC])('$name', ({ available, readsClaims, verify }) => {
  describe.each(shown)('%s', (name) => {
    test.skipIf(!available)('accepts what was issued here, by whichever library', async () => {
      const { kid } = ring.keysOf(name).active();
      for (const library of librariesOf[name]) {
        const header = { alg: algorithms[name].jws, typ: 'at+jwt', kid };
        const claims = decode((await issue(name, ring)).split('.')[1]);
        const token = await library.signerOf(ring.keysOf(name).active(), header)(claims);
        expect(verify([token])).toEqual([claims]);
      }
    });

    test.skipIf(!available)('refuses what was damaged, forged or signed by a stranger', async () => {
      const genuine = await issue(name, ring);
      const key = ring.keysOf(name).active();
      const [header, payload] = [decode(genuine.split('.')[0]), decode(genuine.split('.')[1])];
      const stranger = new KeyRing({ secret: Buffer.alloc(32, 1) });
      const foreign = signatureKey(algorithms[name], algorithms[name].key.generate(2048));
      stranger.add(foreign);
      stranger.activate(name, foreign.kid);
      const attacks = [
        // Without the last character, some of whose spellings are the same signature to others.
        ...damaged(genuine, 41).slice(0, -1),
        ...withoutKey(otherAlgorithms(header, payload, key), genuine),
        ...foreignKeys(header, payload, key),
        { name: "a stranger's token", token: await issue(name, stranger) },
        { name: "a stranger's signature under our kid", token: compactJws(header, payload, genuineSigner(foreign)) },
      ];
      const results = verify(attacks.map(({ token }) => token));
      expect(attacks.filter((_, index) => results[index] !== null).map((attack) => attack.name)).toEqual([]);
      expect(results).toHaveLength(attacks.length);
    });

    test.skipIf(!available)(`${readsClaims ? 'refuses' : 'does not look whether it is'} an expired one`, async () => {
      const [result] = verify([await issue(name, ring, 3_600)]);
      expect(result === null).toBe(readsClaims);
    });
  });
});
