/** Lets the token's `kid` choose the key: a file, a query, a key nobody has (RFC 8725 3.10). */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Credential } from '../../workload/credential.ts';
import type { CataloguedAttack, Scene } from '../attack.ts';
import { keyId } from '../broken/claims.ts';
import { readToken } from '../broken/read-token.ts';
import { openedOf } from '../crafted.ts';
import { type Forgery, presentForgeries } from '../forgeries.ts';
import { hmacVerifies, strangersTokens } from '../strangers.ts';
import { claimsOfAdmin, signedWithHmac } from '../token.ts';
import { withoutToken } from '../traits.ts';

const file: CataloguedAttack = {
  group: 'tokens',
  name: 'key-name-as-path',
  title: 'key name that is a path',
  deed: 'names an empty file as the key and signs with nothing',
  question: 'Does the name of a key lead to a file?',
  source: 'RFC 8725 3.10; GHSA-8wpc-h4q6-8fxv (empty key); OWASP JWT cheat sheet',
  inapplicable: withoutToken,
  run: (scene, session) => presentNamed(scene, session, ['../../../../../../dev/null', '/dev/null', ''], ''),
  broken: {
    algorithm: 'HS256',
    // One file a key.
    mistake: (_careful, world) => ({
      read: (token) =>
        readToken(token, {
          world,
          algorithm: 'HS256',
          without: 'key',
          verifies: ({ kid }, input, signature) => {
            const key = kid === keyId ? world.hmacSecret.export() : readFileSync(join('/srv/keys', String(kid)));
            return hmacVerifies(key, input, signature);
          },
        }),
    }),
  },
};

const query: CataloguedAttack = {
  group: 'tokens',
  name: 'key-name-as-query',
  title: 'key name that is a query',
  deed: 'has the query for the key answer with a key of its own',
  question: 'Does the name of a key become part of a query?',
  source: 'RFC 8725 3.10; CVE-2016-1000223 (secret by unverified header); CWE-89',
  inapplicable: withoutToken,
  run: (scene, session) =>
    presentNamed(scene, session, ["nobody' UNION SELECT 'chosen' -- ", "' OR '1'='1", "x'; SELECT 'chosen"], 'chosen'),
  broken: {
    algorithm: 'HS256',
    mistake: (_careful, world) => ({
      read: (token) =>
        readToken(token, {
          world,
          algorithm: 'HS256',
          without: 'key',
          verifies: ({ kid }, input, signature) => {
            const key = answerTo(`SELECT key FROM keys WHERE name = '${kid}'`, world.hmacSecret.export());
            return key !== null && hmacVerifies(key, input, signature);
          },
        }),
    }),
  },
};

/** As much of a database as this takes: one table of one row. */
function answerTo(statement: string, key: Buffer): Buffer | null {
  const [, name, chosen] = /WHERE name = '([^']*)'(?: UNION SELECT '([^']*)')?/.exec(statement) ?? [];
  if (name === keyId) return key;
  return chosen === undefined ? null : Buffer.from(chosen);
}

const unknown: CataloguedAttack = {
  group: 'tokens',
  name: 'unknown-key',
  title: 'key that nobody knows',
  deed: 'signs with a key of its own under a name that no key has',
  question: 'What becomes of a token whose key is not found?',
  source: 'RFC 8725 3.8, 3.10; CVE-2026-44351 (empty key from a look-up); OWASP ASVS 5.0.0 9.1.3',
  inapplicable: withoutToken,
  run(scene, session) {
    const { header, payload } = openedOf(scene, session);
    const names = [
      'unknown',
      '__proto__',
      'constructor',
      'A'.repeat(43),
      null,
      0,
      [header.kid],
      { kid: header.kid },
      undefined,
    ];
    const forgeries = names.flatMap((kid): Forgery[] =>
      strangersTokens({ ...header, kid }, claimsOfAdmin({ header, payload, signature: '' })).map(({ token, what }) => ({
        token,
        what: `${what} under kid ${JSON.stringify(kid) ?? 'missing'}`,
      })),
    );
    return presentForgeries(scene, forgeries);
  },
  broken: {
    algorithm: 'RS256',
    // The look-up finds nothing, and nothing is what is verified.
    mistake: (careful, world) => ({
      read: (token) =>
        careful.read(token) ??
        readToken(token, { world, algorithm: 'RS256', without: 'key', verifies: ({ kid }) => kid !== keyId }),
    }),
  },
};

/** HMAC tokens under these names, by this key. */
function presentNamed(scene: Scene, session: Credential, names: readonly string[], key: string) {
  const genuine = openedOf(scene, session);
  const forgeries = names.flatMap((kid) =>
    (['HS256', 'HS512'] as const).map((algorithm) => ({
      token: signedWithHmac(algorithm, { ...genuine.header, kid }, claimsOfAdmin(genuine), Buffer.from(key)),
      what: `signed ${algorithm} with ${key === '' ? 'an empty key' : 'a chosen key'} under kid ${JSON.stringify(kid)}`,
    })),
  );
  return presentForgeries(scene, forgeries);
}

export const keyNames: readonly CataloguedAttack[] = [file, query, unknown];
