/** Many requests at once with one refresh token: two of them must not both lead on (RFC 9700 4.14.2; CWE-367). */

import { setTimeout as lookUp } from 'node:timers/promises';
import type { CataloguedAttack } from '../attack.ts';
import { setCookieOf } from '../cookies.ts';
import { open } from '../crafted.ts';
import { NothingProven } from '../nothing-proven.ts';
import { isAccepted, isRefused, postRequest, shown, told } from '../requests.ts';
import { withoutRefresh } from '../traits.ts';

const atOnce = 20;
/** What a careless server takes to find out, and does not guard. */
const lookUpMillis = 40;

export const refreshRace: CataloguedAttack = {
  group: 'refresh',
  name: 'refresh-race',
  title: 'refreshes at the same time',
  deed: `refreshes ${atOnce} times at once with one token`,
  question: 'Does one refresh token ever lead to two sessions that live on?',
  source: 'RFC 9700 4.14.2; CVE-2026-1035 (Keycloak); CWE-367; OWASP ASVS 5.0.0 15.4.2',
  inapplicable: withoutRefresh,
  async run(scene, session) {
    const path = scene.contestant.refreshPath ?? '';
    const request = postRequest(path, session.headersFor(path));
    const answers = await scene.askAtOnce(Array.from({ length: atOnce }, () => request));
    const odd = answers.find((answer) => !isAccepted(answer) && !isRefused(answer));
    if (odd !== undefined) throw new NothingProven(`one of them was answered ${told(odd)}`);
    const accepted = answers.filter(isAccepted);
    const successors = new Set(accepted.flatMap(({ setCookies }) => setCookies.map((line) => setCookieOf(line).value)));
    const evidence = `${shown('POST', path, scene.contestant)} ${atOnce} times at once: ${accepted.length} answered 200, with ${successors.size} different refresh tokens`;
    return { outcome: successors.size > 1 ? open : { kind: 'blocked' }, evidence };
  },
  broken: {
    algorithm: 'HS256',
    // Looks first, and acts when everybody has looked.
    mistake: ({ sessions }) => {
      const used = new Set<string>();
      return {
        async exchange(token) {
          const session = used.has(token) ? null : sessions.ownerOf(token);
          await lookUp(lookUpMillis);
          if (session === null) return null;
          used.add(token);
          return { session, refreshToken: sessions.newToken(session.sid) };
        },
      };
    },
  },
};
