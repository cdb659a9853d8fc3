/** Changes what a session cookie says: its letters, its members, its signature (OWASP session cheat sheet). */

import type { Credential } from '../../workload/credential.ts';
import type { CataloguedAttack, Scene } from '../attack.ts';
import { cookieSignature, membersOf, readCookie } from '../broken/parts.ts';
import { type CookiePair, cookieHeader, cookiesIn, signatureSuffix } from '../cookies.ts';
import { presentRequests } from '../forgeries.ts';
import { logIn } from '../log-in.ts';
import { jsonMembers, profileRequest } from '../requests.ts';
import { withoutSessionCookie, withoutSignedCookie } from '../traits.ts';

const tampered: CataloguedAttack = {
  group: 'cookies',
  name: 'changed-cookie',
  title: 'session cookie with other letters',
  deed: 'changes letters of a session cookie, cuts it and makes one up',
  question: 'Is every letter of the cookie needed?',
  source: 'OWASP ASVS 5.0.0 7.2.2, 7.2.3; OWASP session cheat sheet (strict sessions)',
  inapplicable: withoutSessionCookie,
  run(scene, session) {
    const cookies = cookiesOf(scene, session);
    const changes = cookies.flatMap((cookie) =>
      changesOf(cookie.value).map(([what, value]) => ({
        cookie: cookieHeader(cookies.map((other) => (other === cookie ? { ...cookie, value } : other))),
        what: `a cookie ${what}`,
      })),
    );
    return presentCookies(scene, changes);
  },
  broken: {
    algorithm: 'HS256',
    transport: 'cookie',
    // Compares as much of the signature as was sent.
    mistake: (_careful, world) => ({
      read(value) {
        const [payload = '', signature = ''] = value.split('.');
        return cookieSignature(payload, world).startsWith(signature) ? membersOf(payload) : null;
      },
    }),
  },
};

function changesOf(value: string): readonly (readonly [string, string])[] {
  const middle = value.length >> 1;
  const other = value[middle] === 'A' ? 'B' : 'A';
  return [
    ['with a changed letter', `${value.slice(0, middle)}${other}${value.slice(middle + 1)}`],
    ['without its last letter', value.slice(0, -1)],
    ['cut in half', value.slice(0, middle)],
    ['with a letter more', `${value}A`],
    ['that is empty', ''],
    ['that is made up', 'A'.repeat(value.length)],
    ['of an asterisk', '*'],
  ];
}

const unsigned: CataloguedAttack = {
  group: 'cookies',
  name: 'unsigned-cookie',
  title: 'session cookie without a signature',
  deed: 'rewrites what a session cookie says and leaves its signature out',
  question: 'Does the server believe a cookie that nobody has signed?',
  source: 'OWASP ASVS 5.0.0 7.2.1, 9.1.1; CWE-565 (relying on a cookie that is not protected)',
  inapplicable: withoutSignedCookie,
  run(scene, session) {
    const cookies = cookiesOf(scene, session);
    const forged = cookies
      .filter(({ name }) => !name.endsWith(signatureSuffix))
      .flatMap((cookie) => {
        const [payload = ''] = cookie.value.split('.');
        const text = Buffer.from(payload, 'base64').toString();
        const members = { ...jsonMembers(text), sub: 'admin-000000', roles: ['user', 'admin'] };
        const rewritten = Buffer.from(JSON.stringify(members));
        const signature = cookie.value.slice(payload.length);
        return [
          { value: rewritten.toString('base64url'), keeps: false, what: 'rewritten and not signed' },
          { value: `${rewritten.toString('base64')}`, keeps: true, what: 'rewritten under its old signature' },
          {
            value: `${rewritten.toString('base64url')}${signature}`,
            keeps: true,
            what: 'rewritten under its old signature',
          },
          { value: payload, keeps: false, what: 'whose signature is left out' },
        ].map(({ value, keeps, what }) => ({
          cookie: cookieHeader(
            cookies
              .filter(({ name }) => keeps || !name.endsWith(signatureSuffix))
              .map((other) => (other === cookie ? { ...cookie, value } : other)),
          ),
          what: `a cookie ${what}`,
        }));
      });
    return presentCookies(scene, forged);
  },
  broken: {
    algorithm: 'HS256',
    transport: 'cookie',
    // Signed when it is set, and read as it comes.
    mistake: () => ({ read: (value) => membersOf(value.split('.')[0] ?? '') }),
  },
};

const moved: CataloguedAttack = {
  group: 'cookies',
  name: 'moved-signature',
  title: 'signature of another cookie',
  deed: 'puts the signature of one cookie beside another',
  question: 'Does a signature belong to one value under one name?',
  source: 'OWASP ASVS 5.0.0 9.1.1; CWE-347; Keygrip (signs name and value)',
  inapplicable: withoutSignedCookie,
  async run(scene, session) {
    const own = cookiesOf(scene, session);
    const others = cookiesOf(scene, await logIn(scene));
    const forged = own.map((cookie, index) => {
      const other = others[index] ?? cookie;
      const [payload = '', inside] = cookie.value.split('.');
      const value = inside === undefined ? other.value : `${payload}.${other.value.split('.')[1]}`;
      return {
        cookie: cookieHeader(own.map((one) => (one === cookie ? { ...cookie, value } : one))),
        what: "a cookie beside the signature of another user's",
      };
    });
    const renamed = own.map(({ name, value }) => ({ name: name.replace('__Host-', '__Host-x-'), value }));
    return presentCookies(scene, [...forged, { cookie: cookieHeader(renamed), what: 'a cookie under another name' }]);
  },
  broken: {
    algorithm: 'HS256',
    transport: 'cookie',
    // Remembers which signatures it has made, and not over what.
    mistake(careful, world) {
      const made = new Set<string>();
      return {
        issue(session) {
          const cookie = careful.issue(session);
          made.add(cookie.split('.')[1] ?? '');
          return cookie;
        },
        read: (value) =>
          readCookie(value, world) ??
          (made.has(value.split('.')[1] ?? '') ? membersOf(value.split('.')[0] ?? '') : null),
      };
    },
  },
};

function cookiesOf({ contestant }: Scene, session: Credential): CookiePair[] {
  return cookiesIn(session.headersFor(contestant.protectedPath).cookie);
}

function presentCookies(scene: Scene, forged: readonly { readonly cookie: string; readonly what: string }[]) {
  return presentRequests(
    scene,
    forged.map(({ cookie, what }) => ({ request: profileRequest(scene.contestant, { cookie }), what })),
  );
}

export const cookieContents: readonly CataloguedAttack[] = [tampered, unsigned, moved];
