/** Tokens of the server's own key with a header that is not to be believed (RFC 7515 4.1.11, RFC 9068 4, RFC 7797). */

import type { CataloguedAttack } from '../attack.ts';
import { readToken } from '../broken/read-token.ts';
import { presentCrafted } from '../crafted.ts';
import { withoutToken } from '../traits.ts';

const critical: CataloguedAttack = {
  group: 'tokens',
  name: 'critical-header',
  title: 'critical header parameter',
  deed: 'demands an extension that the server does not know',
  question: 'Is a token refused that says it must not be read without some extension?',
  source: 'RFC 7515 4.1.11; RFC 7797 6; CVE-2026-35042',
  inapplicable: withoutToken,
  run: (scene, session) =>
    presentCrafted(scene, session, ({ header }) =>
      [
        { crit: ['urn:lab:unknown'], 'urn:lab:unknown': true },
        { crit: ['exp'] },
        { crit: [] },
        { crit: ['b64'], b64: false },
        { b64: false },
        { crit: ['crit'] },
        { crit: 'exp' },
        { zip: 'DEF' },
        { cty: 'JWT' },
      ].map((members) => ({
        header: { ...header, ...members },
        what: `with ${JSON.stringify(members)} in its header`,
      })),
    ),
  broken: {
    algorithm: 'HS256',
    mistake: (_careful, world) => ({
      read: (token) => readToken(token, { world, algorithm: 'HS256', without: 'header' }),
    }),
  },
};

const type: CataloguedAttack = {
  group: 'tokens',
  name: 'wrong-type',
  title: 'token of another type',
  deed: "presents tokens of the server's own key that are of another type",
  question: 'Is every token that the server has signed an access token?',
  source: 'RFC 8725 3.11, 3.12; RFC 9068 2.1, 4; OWASP ASVS 5.0.0 9.2.2',
  inapplicable: withoutToken,
  run: (scene, session) =>
    presentCrafted(scene, session, ({ header }) =>
      ['JWT', 'rt+jwt', 'id+jwt', 'logout+jwt', 'AT+JWT', '', null, ['at+jwt'], undefined].map((typ) => ({
        header: { ...header, typ },
        what: typ === undefined ? 'without typ' : `of typ ${JSON.stringify(typ)}`,
      })),
    ),
  broken: {
    algorithm: 'HS256',
    mistake: (_careful, world) => ({
      read: (token) => readToken(token, { world, algorithm: 'HS256', without: 'type' }),
    }),
  },
};

export const craftedHeaders: readonly CataloguedAttack[] = [critical, type];
