/** Cookies that an attacker has put into the user's browser: a second one of the name, or one from before the login. */

import type { AttackRequest, CataloguedAttack, Scene } from '../attack.ts';
import { cookiesNamed, sessionCookie } from '../broken/doors.ts';
import { type CookiePair, cookieHeader, cookiesIn } from '../cookies.ts';
import { open } from '../crafted.ts';
import { presentRequests } from '../forgeries.ts';
import { logIn, logInWith } from '../log-in.ts';
import { NothingProven } from '../nothing-proven.ts';
import { isAccepted, jsonMembers, postRequest, profileRequest, told } from '../requests.ts';
import { withoutCookie } from '../traits.ts';

/** Where its cookie counts: at the protected resource, or at the refresh. */
function doorOf({ contestant }: Scene): { readonly path: string; readonly request: (cookie: string) => AttackRequest } {
  const { transport } = contestant.traits;
  const path = transport === 'cookie' ? contestant.protectedPath : (contestant.refreshPath ?? '');
  const request = (cookie: string) =>
    transport === 'cookie' ? profileRequest(contestant, { cookie }) : postRequest(path, { cookie });
  return { path, request };
}

const two: CataloguedAttack = {
  group: 'cookies',
  name: 'cookie-tossing',
  title: 'two cookies of one name',
  deed: "puts a cookie of its own beside the user's",
  question: "Of two cookies of one name, may the attacker's win?",
  source: 'RFC 6265bis 5.6, 8.6; OWASP session cheat sheet; CWE-565',
  inapplicable: withoutCookie,
  async run(scene, session) {
    const { path, request } = doorOf(scene);
    const own = cookiesIn(session.headersFor(path).cookie);
    const others = cookiesIn((await logIn(scene)).headersFor(path).cookie);
    const lowered = own.map(({ name, value }) => ({ name: name.replace('__H', '__h').replace('__S', '__s'), value }));
    const tossed: readonly (readonly [string, readonly CookiePair[]])[] = [
      ["the user's cookie and then the attacker's", [...own, ...others]],
      ["the attacker's cookie and then the user's", [...others, ...own]],
      ["the attacker's cookie twice", [...others, ...others]],
      ['a cookie whose prefix is in lower case', lowered],
    ];
    return presentRequests(
      scene,
      tossed.map(([what, pairs]) => ({ request: request(cookieHeader(pairs)), what })),
    );
  },
  broken: {
    algorithm: 'HS256',
    transport: 'cookie',
    // The first one that is found.
    mistake: () => ({ credentialIn: (request) => cookiesNamed(request, sessionCookie)[0] }),
  },
};

const fixation: CataloguedAttack = {
  group: 'cookies',
  name: 'session-fixation',
  title: 'session from before the login',
  deed: 'has the victim log in with a cookie that the attacker knows',
  question: 'Does a login begin a session whose name nobody knew before?',
  source: 'OWASP ASVS 5.0.0 7.2.4; OWASP session cheat sheet (renew the session id); CWE-384',
  inapplicable: withoutCookie,
  async run(scene, session) {
    const { path, request } = doorOf(scene);
    const cookie = session.headersFor(path).cookie ?? '';
    const made = cookieHeader(cookiesIn(cookie).map(({ name, value }) => ({ name, value: 'A'.repeat(value.length) })));
    const victim = scene.nextUser();
    for (const [what, planted] of [
      ['a cookie of his own session', cookie],
      ['a cookie that is made up', made],
    ] as const) {
      const login = await logInWith(scene, victim, { cookie: planted });
      if (!login.ok) throw new NothingProven(`the victim's login was answered ${login.reason}`);
      const own = cookiesIn(login.session.headersFor(path).cookie);
      if (own.some(({ name, value }) => cookiesIn(planted).some((one) => one.name === name && one.value === value))) {
        return { outcome: open, evidence: `the login goes on with ${what}` };
      }
      const after = await scene.ask(request(planted));
      const who = isAccepted(after) ? await subjectOf(scene, after.body) : null;
      if (who === victim)
        return { outcome: open, evidence: `after the victim's login ${what} lets the attacker in as the victim` };
      if (what === 'a cookie that is made up' && isAccepted(after))
        return { outcome: open, evidence: `${what} was answered ${told(after)}` };
    }
    return {
      outcome: { kind: 'blocked' },
      evidence: 'each login set another cookie, and the planted ones do not lead to the victim',
    };
  },
  broken: {
    algorithm: 'HS256',
    transport: 'cookie',
    // Whoever comes with a session goes on with it.
    mistake: (careful) => ({
      start(sub, presented) {
        const session = presented === undefined ? null : careful.read(presented);
        return careful.sessions.start(
          sub,
          ['user'],
          session === null || session instanceof Promise ? undefined : session.sid,
        );
      },
      isLive: ({ sid }) => careful.sessions.isLive(sid),
    }),
  },
};

/** Of a profile; of a grant, by its access token. */
async function subjectOf({ contestant, ask }: Scene, body: string): Promise<unknown> {
  const { sub, access_token: token } = jsonMembers(body);
  if (typeof token !== 'string') return sub;
  const profile = await ask(profileRequest(contestant, { authorization: `Bearer ${token}` }));
  return jsonMembers(profile.body).sub;
}

export const plantedCookies: readonly CataloguedAttack[] = [two, fixation];
