/** Puts the session of one refresh token before the secret of another (RFC 9700 4.14.2). */

import type { CataloguedAttack } from '../attack.ts';
import { cookieHeader, cookiesIn } from '../cookies.ts';
import { open } from '../crafted.ts';
import { presentRequests } from '../forgeries.ts';
import { logIn } from '../log-in.ts';
import { isAccepted, postRequest, profileRequest, told } from '../requests.ts';
import { withoutRefresh } from '../traits.ts';

export const swappedFamily: CataloguedAttack = {
  group: 'refresh',
  name: 'swapped-family',
  title: "another session's refresh token",
  deed: "writes a victim's session into a refresh token of its own, and makes tokens up",
  question: 'Can a refresh token be made that speaks of another session, or ends it?',
  source: 'RFC 9700 4.14.2; RFC 6749 10.4; CWE-639',
  inapplicable: withoutRefresh,
  async run(scene, session) {
    const { contestant } = scene;
    const path = contestant.refreshPath ?? '';
    const victim = await logIn(scene);
    const [own] = cookiesIn(session.headersFor(path).cookie);
    const [theirs] = cookiesIn(victim.headersFor(path).cookie);
    const split = (value = '') =>
      [value.slice(0, value.lastIndexOf('.')), value.slice(value.lastIndexOf('.') + 1)] as const;
    const [family] = split(theirs?.value);
    const [ownFamily, secret] = split(own?.value);
    const made: readonly (readonly [string, string])[] = [
      ["the victim's session and its own secret", `${family}.${secret}`],
      ["the victim's session and a secret that is made up", `${family}.${'A'.repeat(secret.length)}`],
      ["the victim's session alone", family],
      ['a session that is made up', `${'A'.repeat(family.length)}.${secret}`],
      ['its own token with a letter changed', `${ownFamily}.${secret.startsWith('A') ? 'B' : 'A'}${secret.slice(1)}`],
    ];
    const result = await presentRequests(
      scene,
      made.map(([what, value]) => ({
        request: postRequest(path, { cookie: cookieHeader([{ name: own?.name ?? '', value }]) }),
        what,
      })),
    );
    const after = await scene.ask(profileRequest(contestant, victim.headersFor(contestant.protectedPath)));
    if (isAccepted(after) || result.outcome.kind !== 'blocked') return result;
    return { outcome: open, evidence: `${result.evidence}; and the victim was logged out by it (${told(after)})` };
  },
  broken: {
    algorithm: 'HS256',
    // The session stands in front, and whether there is such a secret is all that is asked.
    mistake: ({ sessions }) => ({
      exchange(token) {
        const session = sessions.named(token.slice(0, token.lastIndexOf('.')));
        if (session === null || token.endsWith('A'.repeat(43))) return sessions.rotate(token);
        return { session, refreshToken: sessions.newToken(session.sid) };
      },
    }),
  },
};
