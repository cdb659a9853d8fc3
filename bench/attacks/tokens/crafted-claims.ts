/** Tokens of the server's own key that speak of another issuer, another audience, nobody, or say a thing twice. */

import type { CataloguedAttack } from '../attack.ts';
import { audience, issuer } from '../broken/claims.ts';
import { readToken } from '../broken/read-token.ts';
import { type Crafted, gotThrough, presentCrafted } from '../crafted.ts';
import type { OpenedToken } from '../token.ts';
import { withoutToken } from '../traits.ts';

const wrongIssuer: CataloguedAttack = {
  group: 'tokens',
  name: 'wrong-issuer',
  title: 'another issuer',
  deed: "presents tokens of the server's own key in another issuer's name",
  question: 'Does the server ask who has issued a token?',
  source: 'RFC 8725 3.8; CVE-2025-30144 (list of issuers); RFC 9068 4',
  inapplicable: withoutToken,
  run: (scene, session) => presentCrafted(scene, session, (genuine) => valuesOf(genuine, 'iss')),
  broken: {
    algorithm: 'HS256',
    mistake: (_careful, world) => ({
      read: (token) => readToken(token, { world, algorithm: 'HS256', without: 'issuer' }),
    }),
  },
};

const wrongAudience: CataloguedAttack = {
  group: 'tokens',
  name: 'wrong-audience',
  title: 'another audience',
  deed: "presents tokens of the server's own key that are meant for others",
  question: 'Does the server ask for whom a token is?',
  source: 'RFC 8725 3.9; RFC 9068 4; OWASP ASVS 5.0.0 9.2.3, 9.2.4',
  inapplicable: withoutToken,
  run: (scene, session) => presentCrafted(scene, session, (genuine) => valuesOf(genuine, 'aud')),
  broken: {
    algorithm: 'HS256',
    mistake: (_careful, world) => ({
      read: (token) => readToken(token, { world, algorithm: 'HS256', without: 'audience' }),
    }),
  },
};

function valuesOf({ payload }: OpenedToken, name: 'iss' | 'aud'): Crafted[] {
  const right = String(payload[name]);
  const values = [
    undefined,
    '',
    'other',
    `${right}/`,
    `${right}x`,
    right.toUpperCase(),
    null,
    [right],
    [right, 'other'],
    {},
  ];
  return values
    .filter((value) => value !== right)
    .map((value) => ({
      payload: { ...payload, [name]: value },
      what: value === undefined ? `without ${name}` : `with ${name} ${kindOf(value, right)}`,
    }));
}

/** Without the value itself, which is another for each strategy. */
function kindOf(value: unknown, right: string): string {
  return JSON.stringify(value).replaceAll(right, '<right>').replaceAll(right.toUpperCase(), '<RIGHT>');
}

const twice: CataloguedAttack = {
  group: 'tokens',
  name: 'member-twice',
  title: 'a claim that stands there twice',
  deed: 'says a thing twice, so that two readers read two things',
  question: 'Is the claim that is checked the one that is used?',
  source: 'RFC 7519 4 (last or none); RFC 8259 4; OWASP ASVS 5.0.0 15.3.5',
  inapplicable: withoutToken,
  run: (scene, session) =>
    presentCrafted(scene, session, ({ header, payload }) => {
      const text = JSON.stringify(payload);
      const longPast = Number(payload.exp) - 86_400;
      const again = { exp: longPast, iss: 'https://evil.example', aud: 'other', nbf: Number(payload.exp) + 86_400 };
      return [
        ...Object.entries(again).map(([name, value]) => ({
          payload: `${text.slice(0, -1)},"${name}":${JSON.stringify(payload[name] ?? 0)},"${name}":${JSON.stringify(value)}}`,
          what: `with ${name} again, and wrong`,
        })),
        { payload: `{"__proto__":${text}}`, what: 'with its claims in __proto__' },
        { payload: `[${text}]`, what: 'with its claims in a list' },
        {
          header: `{"alg":"none",${JSON.stringify(header).slice(1, -1)},"alg":"none"}`,
          what: 'with alg again, and none',
        },
      ];
    }),
  broken: {
    algorithm: 'HS256',
    // Checks the first of two, with an expression of its own.
    mistake: (_careful, world) => ({
      read(token) {
        const text = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
        const first = (name: string) => new RegExp(`"${name}":("[^"]*"|\\d+)`).exec(text)?.[1] ?? '0';
        const isGood =
          first('iss') === JSON.stringify(issuer) &&
          first('aud') === JSON.stringify(audience) &&
          Number(first('exp')) > world.clock.wallMillis() / 1_000;
        const without = ['issuer', 'audience', 'expiry', 'notBefore', 'spelling'] as const;
        return isGood ? readToken(token, { world, algorithm: 'HS256', without }) : null;
      },
    }),
  },
};

const nobody: CataloguedAttack = {
  group: 'tokens',
  name: 'nobodys-token',
  title: 'token of a user who does not exist',
  deed: "presents a token of the server's own key that speaks of nobody",
  question: 'Does a token have to speak of somebody?',
  source: 'OWASP ASVS 5.0.0 10.3.3; RFC 8725 3.8; CWE-287',
  inapplicable: withoutToken,
  async run(scene, session) {
    const forms = await presentCrafted(scene, session, ({ payload }) =>
      ['', 1, null, {}, ['user-000000'], undefined].map((sub) => ({
        payload: { ...payload, sub },
        what: sub === undefined ? 'without sub' : `with sub ${JSON.stringify(sub)}`,
      })),
    );
    if (forms.outcome.kind !== 'blocked') return forms;
    const unknown = await presentCrafted(scene, session, ({ payload }) => [
      { payload: { ...payload, sub: 'nobody' }, what: 'of a user who does not exist' },
    ]);
    if (unknown.outcome.kind !== 'open') return unknown;
    return { ...unknown, outcome: gotThrough(scene, 37) };
  },
  broken: {
    algorithm: 'HS256',
    mistake: ({ sessions }) => ({ isLive: ({ sid }) => sessions.isLive(sid) }),
  },
};

export const craftedClaims: readonly CataloguedAttack[] = [wrongIssuer, wrongAudience, twice, nobody];
