/** Replays, after a logout, what was captured before it: access token or cookie, and refresh token (ASVS 7.4.1). */

import type { Credential } from '../workload/credential.ts';
import type { Answer, Attack, AttackResult, Scene } from './attack.ts';
import { gotThrough } from './crafted.ts';
import { longestLifeMillis } from './no-expiry.ts';
import { isAccepted, isRefused, postRequest, profileRequest, shown, told } from './requests.ts';
import { withoutSessions } from './traits.ts';
import { outcomeOf, type Promised, type Watched, watchUntilRefused } from './watch.ts';

/** Beyond bound and expiry: a credential that is still accepted then is not watched any longer. */
const marginMillis = 500;

export const noRevocation: Attack = {
  name: 'no-revocation',
  deed: 'replays after the logout what was captured before it',
  question: 'Does a logout end the session, or does it only make the browser forget it?',
  source: 'OWASP ASVS 5.0.0 7.4.1; OWASP JWT cheat sheet, no built-in revocation by the user',
  inapplicable: withoutSessions,
  async run(scene, session) {
    const { contestant } = scene;
    const path = contestant.revokePath;
    const logout = await scene.ask(postRequest(path, session.headersFor(path)));
    if (logout.status < 200 || logout.status > 299) {
      return { outcome: { kind: 'unproven' }, evidence: `the logout was answered ${told(logout)}` };
    }
    const promised = promisedBy(scene, session, logout);
    const request = profileRequest(contestant, session.headersFor(contestant.protectedPath));
    const watched = await watchUntilRefused(scene, request, lastMoment(scene, session, promised));
    const refresh = await refreshAfter(scene, session);
    const seen = [
      toldOfWatch(scene, watched, promised),
      ...(refresh === null ? [] : [`${shown('POST', contestant.refreshPath ?? '', contestant)} ${told(refresh)}`]),
    ];
    return { outcome: judged(reasoned(scene, outcomeOf(watched, promised)), refresh), evidence: seen.join('; ') };
  },
};

/** Why a logout does not reach it, in the strategy's own words. */
function reasoned(scene: Scene, outcome: AttackResult['outcome']): AttackResult['outcome'] {
  const designed = gotThrough(scene, 54);
  if (outcome.kind !== 'open-by-design' || designed.kind !== 'open-by-design') return outcome;
  return { ...designed, ...outcome };
}

function promisedBy(scene: Scene, session: Credential, { receivedAtMillis }: Answer): Promised {
  const shutAtMillis = receivedAtMillis;
  if (scene.boundMillis !== null) return { shutAtMillis, boundMillis: scene.boundMillis, byDesign: false };
  const expiresAtMillis = session.obtainedAtMillis + longestLifeMillis(scene);
  // A session in a cookie lives for days; its end is not waited for.
  const isToken = scene.contestant.traits.transport === 'bearer';
  const boundMillis = isToken ? expiresAtMillis - shutAtMillis : Number.POSITIVE_INFINITY;
  return { shutAtMillis, boundMillis, byDesign: true };
}

function lastMoment(scene: Scene, session: Credential, { shutAtMillis, boundMillis }: Promised): number {
  const expiresAtMillis = session.obtainedAtMillis + longestLifeMillis(scene);
  const bound = Number.isFinite(boundMillis) ? boundMillis : 0;
  return Math.max(expiresAtMillis, shutAtMillis + bound) + marginMillis;
}

/** Null where nothing is refreshed. */
async function refreshAfter({ contestant, ask }: Scene, session: Credential): Promise<Answer | null> {
  const path = contestant.refreshPath;
  return path === null ? null : ask(postRequest(path, session.headersFor(path)));
}

/** An access token may be open by design for a while; a refresh token that outlives the logout never is. */
function judged(outcome: AttackResult['outcome'], refresh: Answer | null): AttackResult['outcome'] {
  if (refresh === null) return outcome;
  if (isAccepted(refresh)) return { kind: 'open', window: null, boundMillis: 0 };
  return isRefused(refresh) || outcome.kind === 'open' ? outcome : { kind: 'unproven' };
}

function toldOfWatch(
  { contestant }: Scene,
  { lastAcceptedAtMillis, refusal }: Watched,
  { shutAtMillis }: Promised,
): string {
  const resource = shown('GET', contestant.protectedPath, contestant);
  const acceptedMillis = lastAcceptedAtMillis === null ? 0 : lastAcceptedAtMillis - shutAtMillis;
  const accepted = acceptedMillis > 0 ? `200 until ${millis(acceptedMillis)} after the logout, ` : '';
  if (refusal === null) return `${resource} ${accepted}and not refused`;
  return `${resource} ${accepted}${told(refusal)} ${millis(refusal.sentAtMillis - shutAtMillis)} after the logout`;
}

function millis(value: number): string {
  return value < 1 ? `${(1_000 * value).toFixed(0)} µs` : `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}
