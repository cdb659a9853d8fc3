/** Says `none`, in every spelling, and leaves the signature out (RFC 8725 2.1, 3.1, 3.2; RFC 7519 6). */

import type { Attack } from './attack.ts';
import { type Forgery, presentForgeries } from './forgeries.ts';
import { accessTokenOf } from './requests.ts';
import { claimsOfAdmin, openToken, unsigned } from './token.ts';
import { withoutToken } from './traits.ts';

/** `undefined` leaves the member out. */
const spellings: readonly unknown[] = ['none', 'None', 'NONE', 'nOnE', '', null, [], undefined];

export const algorithmListTooWide: Attack = {
  name: 'algorithm-list-too-wide',
  deed: 'sends a token of an admin that nobody has signed',
  question: 'Does the server accept an algorithm that signs nothing?',
  source: 'CVE-2015-2951, CVE-2022-23540; RFC 8725 2.1, 3.1, 3.2',
  inapplicable: withoutToken,
  async run(scene, session) {
    const genuine = openToken(accessTokenOf(scene.contestant, session) ?? '');
    if (genuine === null)
      return { outcome: { kind: 'unproven' }, evidence: 'the login gave no signed token to start from' };
    const claims = claimsOfAdmin(genuine);
    const forgeries = spellings.flatMap((alg): Forgery[] => {
      const header = { ...genuine.header, alg };
      const named = alg === undefined ? 'without alg' : `with alg ${JSON.stringify(alg)}`;
      return [
        { token: unsigned(header, claims), what: `${named} and no signature` },
        { token: unsigned(header, claims, genuine.signature), what: `${named} and the signature of another token` },
      ];
    });
    // The algorithm it demands, and nothing behind the last dot.
    forgeries.push({ token: unsigned(genuine.header, claims), what: 'with the right alg and no signature' });
    return presentForgeries(scene, forgeries);
  },
};
