/** Uses a token whose key was retired because it was stolen (OWASP ASVS 11.1.1, 13.3.4; NIST SP 800-57 part 1, 8.3). */

import type { CataloguedAttack, Scene } from '../attack.ts';
import { keyId } from '../broken/claims.ts';
import { readToken } from '../broken/read-token.ts';
import { openedOf } from '../crafted.ts';
import { logIn } from '../log-in.ts';
import { NothingProven } from '../nothing-proven.ts';
import { jsonMembers, postRequest, profileRequest, shown, told } from '../requests.ts';
import { withoutToken } from '../traits.ts';
import { outcomeOf, watchUntilRefused } from '../watch.ts';

/** A key that is accepted for so long after its end is not waited for any longer. */
const marginMillis = 1_500;

export const retiredKey: CataloguedAttack = {
  group: 'keys',
  name: 'retired-key',
  title: 'key that was retired',
  deed: 'goes on with a token after its key was retired',
  question: 'When a signing key was stolen, how soon is nothing accepted that it signs?',
  source: 'RFC 8725 3.8; OWASP ASVS 5.0.0 11.1.1, 13.3.4; NIST SP 800-57 part 1 8.3',
  inapplicable: withoutToken,
  alone: true,
  async run(scene, session) {
    const before = await logIn(scene, session.user);
    const algorithm = String(openedOf(scene, before).header.alg).toLowerCase();
    const rotated = await rotate(scene, algorithm);
    const { shutAtMillis } = rotated;
    const boundMillis = scene.keyBoundMillis;
    const request = profileRequest(scene.contestant, before.headersFor(scene.contestant.protectedPath));
    const watched = await watchUntilRefused(scene, request, shutAtMillis + boundMillis + marginMillis);
    const outcome = outcomeOf(watched, { shutAtMillis, boundMillis, byDesign: false });
    const { refusal } = watched;
    const resource = shown('GET', scene.contestant.protectedPath, scene.contestant);
    const seen =
      refusal === null
        ? 'was never refused'
        : `${told(refusal)} ${(refusal.sentAtMillis - shutAtMillis).toFixed(0)} ms after it`;
    return {
      outcome,
      evidence: `the old key ended ${rotated.inMillis.toFixed(0)} ms after it was called stolen; ${resource} with its token ${seen}`,
    };
  },
  broken: {
    algorithm: 'RS256',
    // Whatever name a key of this server has ever had.
    mistake: (_careful, world) => ({
      read: (token) => {
        const session = readToken(token, { world, algorithm: 'RS256', without: 'key' });
        return session !== null && headerNames(token) ? session : null;
      },
    }),
  },
};

function headerNames(token: string): boolean {
  const { kid } = jsonMembers(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
  return String(kid).startsWith(keyId);
}

/** When the old key ends, on the scene's monotonic clock. */
async function rotate(
  scene: Scene,
  algorithm: string,
): Promise<{ readonly shutAtMillis: number; readonly inMillis: number }> {
  const { administration } = scene.contestant;
  const path = administration?.keyRotationPath;
  if (administration === undefined || path === undefined) throw new NothingProven('nobody can rotate its keys');
  const administrator = await logIn(scene, administration.administrator);
  const wanted = { algorithm, retireOld: 'at-activation' };
  const answer = await scene.ask(postRequest(path, administrator.headersFor(path), wanted));
  if (answer.status !== 202) throw new NothingProven(`the rotation was answered ${told(answer)}`);
  const activatesAt = Date.parse(String(jsonMembers(answer.body).activatesAt));
  const inMillis = Math.max(0, activatesAt - scene.clock.wallMillis());
  return { shutAtMillis: answer.receivedAtMillis + inMillis, inMillis };
}
