/** Tokens where they do not belong: of another kind, in another form, in the address, two at once. */

import type { CataloguedAttack } from '../attack.ts';
import { sessionIn } from '../broken/claims.ts';
import { bearerIn, fieldsNamed } from '../broken/doors.ts';
import { membersOf } from '../broken/read-token.ts';
import { cookiesIn } from '../cookies.ts';
import { openedOf } from '../crafted.ts';
import { presentForgeries, presentRequests } from '../forgeries.ts';
import { logIn } from '../log-in.ts';
import { accessTokenOf, bearer, postRequest, profileRequest } from '../requests.ts';
import { claimsOfAdmin, encoded } from '../token.ts';
import { withoutBearer, withoutRefresh, withoutToken } from '../traits.ts';

const kinds: CataloguedAttack = {
  group: 'tokens',
  name: 'token-of-another-kind',
  title: 'refresh token as access token',
  deed: 'shows a refresh token where an access token belongs, and the other way round',
  question: 'Are access token and refresh token two things?',
  source: 'RFC 8725 3.11, 3.12; RFC 9700 2.2; OWASP ASVS 5.0.0 9.2.2',
  inapplicable: withoutRefresh,
  async run(scene, session) {
    const { contestant } = scene;
    const path = contestant.refreshPath ?? '';
    const access = accessTokenOf(contestant, session) ?? '';
    const cookies = cookiesIn(session.headersFor(path).cookie);
    const asAccess = cookies.map(({ value }) => ({
      request: profileRequest(contestant, bearer(value)),
      what: 'a refresh token as bearer token',
    }));
    const asRefresh = cookies.map(({ name }) => ({
      request: postRequest(path, { cookie: `${name}=${access}` }),
      what: 'an access token in the refresh cookie',
    }));
    const both = [
      ...asAccess,
      ...asRefresh,
      { request: postRequest(path, bearer(access)), what: 'an access token as bearer token' },
    ];
    return presentRequests(scene, both);
  },
  broken: {
    algorithm: 'HS256',
    mistake: (careful) => ({ read: (token) => careful.read(token) ?? careful.sessions.ownerOf(token) }),
  },
};

const forms: CataloguedAttack = {
  group: 'tokens',
  name: 'token-in-another-form',
  title: 'other forms of a token',
  deed: 'sends a token as JSON, encrypted, nested, and in more or fewer parts',
  question: 'Is there a second way to write a token, which nobody has looked at?',
  source: 'RFC 8725 3.11; RFC 7515 7.2 (JSON serialization); CVE-2022-36083, CVE-2024-28176 (JWE)',
  inapplicable: withoutToken,
  run(scene, session) {
    const genuine = openedOf(scene, session);
    const { signature } = genuine;
    const [header, payload] = [encoded(genuine.header), encoded(claimsOfAdmin(genuine))];
    const jwe = encoded({ alg: 'dir', enc: 'A256GCM', zip: 'DEF' });
    const costly = encoded({ alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2c: 2 ** 31 - 1, p2s: 'AAAAAAAAAAA' });
    const json = (members: object) => JSON.stringify(members);
    return presentForgeries(scene, [
      { token: json({ payload, signatures: [] }), what: 'as JSON with no signature in the list' },
      { token: json({ payload, protected: header, signature }), what: "as JSON with another token's signature" },
      { token: encoded({ payload, signatures: [] }), what: 'as JSON in base64url' },
      { token: `${jwe}..${payload}.${payload}.${signature}`, what: 'as a JWE that is compressed' },
      { token: `${costly}.${signature}.${payload}.${payload}.${signature}`, what: 'as a JWE with a costly password' },
      { token: `${header}.${encoded(`${header}.${payload}.${signature}`)}.${signature}`, what: 'within another' },
      { token: `${header}.${payload}`, what: 'of two parts' },
      { token: `${header}.${payload}.${signature}.${signature}`, what: 'of four parts' },
      { token: `.${payload}.`, what: 'without a header' },
    ]);
  },
  broken: {
    algorithm: 'HS256',
    // Every signature in the list verifies: there is none.
    mistake: (careful) => ({
      read(token) {
        if (!token.startsWith('{')) return careful.read(token);
        const { payload, signatures } = JSON.parse(token);
        const isGood = Array.isArray(signatures) && signatures.every(() => false);
        return isGood ? sessionIn(membersOf(String(payload)) ?? {}) : null;
      },
    }),
  },
};

const address: CataloguedAttack = {
  group: 'tokens',
  name: 'token-in-address',
  title: 'token in the address',
  deed: 'puts the token into the query, where logs and histories keep it',
  question: 'Does the server take a token from where everybody may read it?',
  source: 'RFC 9700 2.1, 4.3.2; RFC 6750 2.3; OWASP ASVS 5.0.0 14.2.1',
  inapplicable: withoutBearer,
  run(scene, session) {
    const token = accessTokenOf(scene.contestant, session) ?? '';
    const path = scene.contestant.protectedPath;
    const names = ['access_token', 'token', 'authorization', 'bearer_token', 'jwt'];
    return presentRequests(
      scene,
      names.map((name) => ({
        request: { method: 'GET', path: `${path}?${name}=${encodeURIComponent(token)}`, headers: {} },
        what: `a token in the query as ${name}`,
      })),
    );
  },
  broken: {
    algorithm: 'HS256',
    mistake: (careful) => ({
      credentialIn: (request, mount) =>
        new URL(request.path, 'http://lab').searchParams.get('access_token') ?? careful.credentialIn(request, mount),
    }),
  },
};

const two: CataloguedAttack = {
  group: 'tokens',
  name: 'two-tokens',
  title: 'two tokens in one request',
  deed: 'sends the token of one user beside that of another',
  question: 'Of two tokens in one request, which one counts?',
  source: 'RFC 6750 2; RFC 9110 5.3; OWASP ASVS 5.0.0 15.3.6',
  inapplicable: withoutBearer,
  async run(scene, session) {
    const other = await logIn(scene);
    const tokens = [session, other].map(
      (one) => bearer(accessTokenOf(scene.contestant, one) ?? '').authorization ?? '',
    );
    const orders = [
      tokens,
      tokens.toReversed(),
      [tokens[0] ?? '', 'Bearer x'],
      ['Bearer x', tokens[0] ?? ''],
      [tokens[0] ?? '', 'Basic eDp4'],
    ];
    return presentRequests(
      scene,
      orders.map((authorization, index) => ({
        request: profileRequest(scene.contestant, { authorization }),
        what: index < 2 ? 'the tokens of two users, one after the other' : 'a token beside another credential',
      })),
    );
  },
  broken: {
    algorithm: 'HS256',
    mistake: () => ({
      credentialIn: (request) => fieldsNamed(request, 'authorization').map(bearerIn)[0],
    }),
  },
};

export const otherPlaces: readonly CataloguedAttack[] = [kinds, forms, address, two];
