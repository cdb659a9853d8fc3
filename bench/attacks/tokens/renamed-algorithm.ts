/** Calls the algorithm by another name, or uses the server's key with another algorithm (RFC 8725 3.1, 3.2). */

import { verify as rsaVerifies } from 'node:crypto';
import type { CataloguedAttack } from '../attack.ts';
import { readToken } from '../broken/read-token.ts';
import { openedOf, presentCrafted } from '../crafted.ts';
import { type Forgery, presentForgeries } from '../forgeries.ts';
import { NothingProven } from '../nothing-proven.ts';
import { type Signer, signatureOf } from '../signer.ts';
import { encoded, type OpenedToken } from '../token.ts';
import { withoutToken } from '../traits.ts';

const named: CataloguedAttack = {
  group: 'tokens',
  name: 'renamed-algorithm',
  title: 'algorithm under another name',
  deed: 'spells the algorithm in other letters',
  question: 'Is there more than one name for the algorithm that the server demands?',
  source: 'RFC 7515 4.1.1 (case-sensitive); RFC 8725 3.1, 3.2; OWASP ASVS 5.0.0 9.1.2',
  inapplicable: withoutToken,
  run: (scene, session) =>
    presentCrafted(scene, session, ({ header }) =>
      spellingsOf(String(header.alg)).map((alg) => ({
        header: { ...header, alg },
        what: `with alg ${JSON.stringify(alg)}`,
      })),
    ),
  broken: {
    algorithm: 'RS256',
    // The name is compared after it was made upper case and trimmed.
    mistake: (_careful, world) => ({
      read: (token) => readToken(token, { world, algorithm: 'RS256', without: 'algorithm' }),
    }),
  },
};

function spellingsOf(alg: string): readonly unknown[] {
  const mixed = alg.charAt(0) + alg.slice(1).toLowerCase();
  const spellings = [alg.toLowerCase(), alg.toUpperCase(), mixed, `${alg} `, ` ${alg}`, `${alg}\u0000`, [alg], { alg }];
  return spellings.filter((spelling) => spelling !== alg);
}

const misused: CataloguedAttack = {
  group: 'tokens',
  name: 'misused-key',
  title: 'key with another algorithm',
  deed: "signs with the server's key, by an algorithm that it is not for",
  question: 'Is a key accepted with one algorithm only?',
  source: 'RFC 8725 3.1; CVE-2022-23541; OWASP ASVS 5.0.0 9.1.2',
  inapplicable: withoutToken,
  async run(scene, session) {
    const { signer } = scene;
    if (signer === null) throw new NothingProven('the key of the server is not known to the lab');
    const forgeries = misusesOf(signer, openedOf(scene, session));
    return presentForgeries(scene, forgeries);
  },
  broken: {
    algorithm: 'RS256',
    // The family of the algorithm decides, and the token says which of it.
    mistake: (_careful, world) => ({
      read: (token) =>
        readToken(token, {
          world,
          algorithm: 'RS256',
          without: 'algorithm',
          verifies: (header, input, signature) =>
            rsaVerifies(header.alg === 'RS512' ? 'sha512' : 'sha256', Buffer.from(input), world.publicKey, signature),
        }),
    }),
  },
};

function misusesOf(signer: Signer, { header, payload }: OpenedToken): Forgery[] {
  const { algorithm, key } = signer;
  const others = {
    HS256: ['HS512'],
    RS256: ['RS512', 'PS256'],
    PS256: ['RS256', 'RS512'],
    ES256: [],
    Ed25519: [],
  } as const;
  const names = [
    ...others[algorithm],
    ...(others[algorithm].length === 0 ? (['ES384', 'EdDSA', 'ES256K'] as const) : []),
  ];
  return names.flatMap((alg) => {
    const by = alg === 'ES384' || alg === 'EdDSA' || alg === 'ES256K' ? algorithm : alg;
    return [alg, algorithm].flatMap((called): Forgery[] => {
      if (by === algorithm && called === algorithm) return [];
      const input = `${encoded({ ...header, alg: called })}.${encoded(payload)}`;
      const signature = signatureOf(by, key, input).toString('base64url');
      return [{ token: `${input}.${signature}`, what: `signed by ${by} and called ${called}` }];
    });
  });
}

export const algorithmNames: readonly CataloguedAttack[] = [named, misused];
