/** Changes a genuine token: its claims under the same signature, and its signature by cutting, lengthening and flipping bits. */

import type { CataloguedAttack } from '../attack.ts';
import { readToken, verifiesBy } from '../broken/read-token.ts';
import { openedOf } from '../crafted.ts';
import { presentForgeries } from '../forgeries.ts';
import { signatureOf } from '../signer.ts';
import { encoded, unsigned } from '../token.ts';
import { withoutToken } from '../traits.ts';

const claims: CataloguedAttack = {
  group: 'tokens',
  name: 'changed-claims',
  title: 'other claims, same signature',
  deed: 'puts other claims before the signature of a genuine token',
  question: 'Is a signature good for any other claims than those it was made over?',
  source: 'RFC 8725 3.3; CVE-2026-35039 (a cache of verified tokens that mixes them up); OWASP ASVS 5.0.0 9.1.1',
  inapplicable: withoutToken,
  run(scene, session) {
    const { header, payload, signature } = openedOf(scene, session);
    const others = { sub: 'admin-000000', roles: ['admin'], exp: Number(payload.exp) + 3_600 };
    const forgeries = Object.entries(others).map(([name, value]) => ({
      token: unsigned(header, { ...payload, [name]: value }, signature),
      what: `with another ${name} under a genuine signature`,
    }));
    return presentForgeries(scene, forgeries);
  },
  broken: {
    algorithm: 'HS256',
    // What was verified once is remembered by its signature alone.
    mistake(_careful, world) {
      const verified = new Set<string>();
      return {
        read: (token) =>
          readToken(token, {
            world,
            algorithm: 'HS256',
            verifies(_header, input, signature) {
              const text = signature.toString('base64url');
              if (verified.has(text)) return true;
              const isGenuine = verifiesBy(world.hmacSecret, 'HS256', input, signature);
              if (isGenuine) verified.add(text);
              return isGenuine;
            },
          }),
        isLive: () => true,
      };
    },
  },
};

const signatures: CataloguedAttack = {
  group: 'tokens',
  name: 'changed-signature',
  title: 'signature cut or changed',
  deed: 'cuts a signature short, lengthens it and flips its bits',
  question: 'Is the whole signature compared, and nothing but it?',
  source: 'RFC 7515 5.2; RFC 8725 3.3; OWASP ASVS 5.0.0 9.1.1',
  inapplicable: withoutToken,
  run(scene, session) {
    const { header, payload, signature } = openedOf(scene, session);
    const bytes = Buffer.from(signature, 'base64url');
    const input = `${encoded(header)}.${encoded(payload)}`;
    const flipped = (bit: number) =>
      Buffer.from(bytes.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)));
    const bits = [0, 7, 8, 4 * bytes.length, 8 * bytes.length - 8, 8 * bytes.length - 1];
    const changed: readonly (readonly [string, Buffer])[] = [
      ['without a signature', Buffer.alloc(0)],
      ['with the first byte of its signature', bytes.subarray(0, 1)],
      ['with half its signature', bytes.subarray(0, bytes.length / 2)],
      ['with all of its signature but the last byte', bytes.subarray(0, -1)],
      ['with its signature and a byte more', Buffer.concat([bytes, Buffer.alloc(1)])],
      ['with a byte before its signature', Buffer.concat([Buffer.alloc(1), bytes])],
      ['with its signature twice', Buffer.concat([bytes, bytes])],
      ['with a signature of zeros', Buffer.alloc(bytes.length)],
      ...bits.map((bit) => [`with bit ${bit} of its signature flipped`, flipped(bit)] as const),
    ];
    return presentForgeries(
      scene,
      changed.map(([what, made]) => ({ token: `${input}.${made.toString('base64url')}`, what })),
    );
  },
  broken: {
    algorithm: 'HS256',
    // Compares as many bytes as were sent.
    mistake: (_careful, world) => ({
      read: (token) =>
        readToken(token, {
          world,
          algorithm: 'HS256',
          verifies: (_header, input, signature) =>
            signatureOf('HS256', world.hmacSecret, input).subarray(0, signature.length).equals(signature),
        }),
    }),
  },
};

export const changedTokens: readonly CataloguedAttack[] = [claims, signatures];
