/** Uses an access token for longer than the server was told to let it live (RFC 9068 2.2, ASVS 9.2.1). */

import type { Attack, AttackTarget } from './attack.ts';
import { accessTokenOf, bearer, profileRequest, shown, told } from './requests.ts';
import { openToken } from './token.ts';
import { withoutToken } from './traits.ts';
import { outcomeOf, watchUntilRefused } from './watch.ts';

/** A token that is still accepted so long after its time is not watched any longer. */
const marginMillis = 1_000;

export const noExpiry: Attack = {
  name: 'no-expiry',
  deed: 'uses an access token after its time',
  question: 'Does an access token stop working by itself?',
  source: 'RFC 9068 2.2; OWASP ASVS 5.0.0 9.2.1',
  inapplicable: withoutToken,
  async run(scene, session) {
    const { contestant } = scene;
    const token = accessTokenOf(contestant, session) ?? '';
    const livesMillis = longestLifeMillis(scene);
    const shutAtMillis = session.obtainedAtMillis + livesMillis;
    const request = profileRequest(contestant, bearer(token));
    const watched = await watchUntilRefused(scene, request, shutAtMillis + marginMillis);
    const outcome = outcomeOf(watched, { shutAtMillis, boundMillis: 0, byDesign: false });
    const expiry = 'exp' in (openToken(token)?.payload ?? {}) ? 'exp in the token' : 'no exp in the token';
    const { refusal, lastAcceptedAtMillis } = watched;
    const seen =
      refusal === null
        ? `still 200 ${seconds((lastAcceptedAtMillis ?? shutAtMillis) - session.obtainedAtMillis)} after the login`
        : `${told(refusal)} ${seconds(refusal.sentAtMillis - session.obtainedAtMillis)} after the login`;
    const evidence = `${expiry}; ${shown('GET', contestant.protectedPath, contestant)} ${seen}, ${seconds(livesMillis)} being its longest life`;
    return { outcome, evidence };
  },
};

/** Of an access token, leeway included. */
export function longestLifeMillis({ accessTokenLifetimeMillis, leewayMillis }: AttackTarget): number {
  return accessTokenLifetimeMillis + leewayMillis;
}

function seconds(millis: number): string {
  return `${(millis / 1_000).toFixed(1)} s`;
}
