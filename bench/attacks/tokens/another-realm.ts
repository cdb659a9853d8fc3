/** A genuine credential of another realm, whose user has the same name (RFC 8725 3.8; OWASP ASVS 9.1.3). */

import type { CataloguedAttack } from '../attack.ts';
import { readToken } from '../broken/read-token.ts';
import { type ForgedRequest, presentRequests } from '../forgeries.ts';
import { logInElsewhere } from '../log-in.ts';
import { NothingProven } from '../nothing-proven.ts';
import { postRequest, profileRequest } from '../requests.ts';
import { withoutSessions } from '../traits.ts';

export const anotherRealm: CataloguedAttack = {
  group: 'tokens',
  name: 'another-realm',
  title: 'credential of another realm',
  deed: 'shows here what a login in another realm has given',
  question: 'Is a credential good only where it was issued?',
  source: 'RFC 8725 3.8, 3.9; OWASP ASVS 5.0.0 9.1.3, 9.2.4; CWE-346',
  inapplicable: withoutSessions,
  async run(scene, session) {
    const { contestant, elsewhere } = scene;
    const stranger = await logInElsewhere(scene, session.user);
    if (stranger === null || elsewhere === null) throw new NothingProven('there is no other realm to come from');
    const access = stranger.headersFor(elsewhere.protectedPath);
    const shownHere: ForgedRequest[] = [
      {
        request: profileRequest(contestant, access),
        what: 'the credential of a user of the same name in another realm',
      },
    ];
    if (contestant.refreshPath === null || elsewhere.refreshPath === null) return presentRequests(scene, shownHere);
    const refresh = stranger.headersFor(elsewhere.refreshPath);
    return presentRequests(scene, [
      ...shownHere,
      { request: postRequest(contestant.refreshPath, refresh), what: 'the refresh token of another realm' },
    ]);
  },
  broken: {
    algorithm: 'RS256',
    // One list of keys for all realms, and nobody compares whose they are.
    mistake: (careful, world) => ({
      read: (token) => careful.read(token) ?? readToken(token, { world: world.elsewhere ?? world, algorithm: 'RS256' }),
      isLive: () => true,
    }),
  },
};
