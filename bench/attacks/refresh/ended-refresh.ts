/** Refresh tokens of sessions that have ended: by logout, by logout everywhere, by a theft that was noticed (RFC 9700 4.14). */

import type { Credential } from '../../workload/credential.ts';
import { credentialFrom } from '../../workload/credential.ts';
import type { Answer, AttackResult, CataloguedAttack, Scene } from '../attack.ts';
import { gotThrough, open } from '../crafted.ts';
import { logIn } from '../log-in.ts';
import { longestLifeMillis } from '../no-expiry.ts';
import { NothingProven } from '../nothing-proven.ts';
import { isAccepted, isRefused, postRequest, profileRequest, shown, told } from '../requests.ts';
import { withoutRefresh } from '../traits.ts';
import { outcomeOf, watchUntilRefused } from '../watch.ts';

const afterLogout: CataloguedAttack = {
  group: 'refresh',
  name: 'refresh-after-logout',
  title: 'refresh after the logout',
  deed: 'refreshes with a token that was captured before the logout, also at the very moment of it',
  question: 'Does a logout end the refresh token?',
  source: 'RFC 7009 2.1; RFC 9700 4.14.2; OWASP ASVS 5.0.0 7.4.1',
  inapplicable: withoutRefresh,
  async run(scene, session) {
    const { contestant } = scene;
    const refreshPath = contestant.refreshPath ?? '';
    const path = contestant.revokePath;
    const refresh = postRequest(refreshPath, session.headersFor(refreshPath));
    const [logout, during] = await scene.askAtOnce([postRequest(path, session.headersFor(path)), refresh]);
    if (logout === undefined || during === undefined || !isAccepted(logout)) {
      throw new NothingProven(`the logout was answered ${logout === undefined ? 'not at all' : told(logout)}`);
    }
    const successor = isAccepted(during) ? credentialFrom(contestant, session.user, during, scene.clock) : null;
    // What came of the race first: the older token, used twice, may end the family by itself.
    const next = successor?.ok ? [postRequest(refreshPath, successor.credential.headersFor(refreshPath))] : [];
    const later: Answer[] = [];
    for (const request of [...next, refresh]) later.push(await scene.ask(request));
    return refusedAll(
      later,
      `${shown('POST', refreshPath, contestant)} ${told(during)} beside the logout, then ${later.map(told).join(' and ')}`,
    );
  },
  broken: {
    algorithm: 'HS256',
    // Ends what is shown, and not what leads to more of it.
    mistake({ sessions }) {
      const ended = new Set<string>();
      return {
        end: (sid) => void ended.add(sid),
        isLive: ({ sid }) => sessions.isLive(sid) && !ended.has(sid),
      };
    },
  },
};

const afterRevocation: CataloguedAttack = {
  group: 'refresh',
  name: 'refresh-after-logout-everywhere',
  title: 'refresh after a logout everywhere',
  deed: 'refreshes after the user has ended all sessions from another device',
  question: 'Does the end of all sessions reach the refresh tokens of the others?',
  source: 'OWASP ASVS 5.0.0 7.4.1, 7.4.3; RFC 9700 4.14.2; Keycloak #35813',
  inapplicable: withoutRefresh,
  async run(scene, session) {
    const { contestant } = scene;
    const { revokeAllPath: path } = contestant;
    const refreshPath = contestant.refreshPath ?? '';
    if (path === undefined) throw new NothingProven('there is no way to end all sessions');
    const device = await logIn(scene, session.user);
    const ended = await scene.ask(postRequest(path, device.headersFor(path)));
    if (!isAccepted(ended)) throw new NothingProven(`the logout everywhere was answered ${told(ended)}`);
    const later = [await scene.ask(postRequest(refreshPath, session.headersFor(refreshPath)))];
    return refusedAll(
      later,
      `${shown('POST', refreshPath, contestant)} ${later.map(told).join(' and ')} after a logout everywhere`,
    );
  },
  broken: {
    algorithm: 'HS256',
    mistake({ sessions }) {
      const ended = new Set<string>();
      return {
        endAll: (sub) => void ended.add(sub),
        isLive: ({ sid, sub }) => sessions.isLive(sid) && !ended.has(sub),
      };
    },
  },
};

function refusedAll(answers: readonly Answer[], evidence: string): AttackResult {
  if (answers.some(isAccepted)) return { outcome: open, evidence };
  if (!answers.every(isRefused)) throw new NothingProven(evidence);
  return { outcome: { kind: 'blocked' }, evidence };
}

const theft: CataloguedAttack = {
  group: 'refresh',
  name: 'access-after-theft',
  title: 'access token after a noticed theft',
  deed: 'goes on with an access token after its refresh token came back used',
  question: 'When a used refresh token comes back, does everything that came of it end?',
  source: 'RFC 9700 4.14.2; RFC 7009 2.1; OWASP ASVS 5.0.0 10.4.5',
  inapplicable: withoutRefresh,
  async run(scene, session) {
    const { contestant } = scene;
    const path = contestant.refreshPath ?? '';
    const once = await refreshed(scene, session);
    const twice = await refreshed(scene, once);
    const replay = await scene.ask(postRequest(path, session.headersFor(path)));
    if (isAccepted(replay)) return { outcome: open, evidence: 'the used refresh token was exchanged once more' };
    const shutAtMillis = replay.receivedAtMillis;
    const lifeMillis = twice.obtainedAtMillis + longestLifeMillis(scene) - shutAtMillis;
    const boundMillis = scene.boundMillis ?? lifeMillis;
    const request = profileRequest(contestant, twice.headersFor(contestant.protectedPath));
    const watched = await watchUntilRefused(
      scene,
      request,
      shutAtMillis + Math.max(boundMillis, scene.boundMillis === null ? 0 : 300) + 500,
    );
    const designed = gotThrough(scene, 67);
    const outcome = outcomeOf(watched, { shutAtMillis, boundMillis, byDesign: designed.kind === 'open-by-design' });
    const { refusal } = watched;
    const seen =
      refusal === null
        ? 'was not refused'
        : `${told(refusal)} ${(refusal.sentAtMillis - shutAtMillis).toFixed(0)} ms after it`;
    const evidence = `${shown('GET', contestant.protectedPath, contestant)} with the newest access token ${seen}`;
    const reason = designed.kind === 'open-by-design' ? designed.reason : undefined;
    return {
      outcome: outcome.kind === 'open-by-design' && reason !== undefined ? { ...outcome, reason } : outcome,
      evidence,
    };
  },
  broken: {
    algorithm: 'HS256',
    // Notices the thief, refuses him, and lets him keep what he has.
    mistake({ sessions }) {
      const ended = new Set<string>();
      const used = new Set<string>();
      return {
        exchange(token) {
          const session = sessions.ownerOf(token);
          if (session === null || ended.has(session.sid)) return null;
          if (used.has(token)) {
            ended.add(session.sid);
            return null;
          }
          used.add(token);
          return { session, refreshToken: sessions.newToken(session.sid) };
        },
      };
    },
  },
};

async function refreshed(scene: Scene, session: Credential): Promise<Credential> {
  const path = scene.contestant.refreshPath ?? '';
  const answer = await scene.ask(postRequest(path, session.headersFor(path)));
  const next = isAccepted(answer) ? credentialFrom(scene.contestant, session.user, answer, scene.clock) : null;
  if (next === null || !next.ok) throw new NothingProven(`an honest refresh was answered ${told(answer)}`);
  return next.credential;
}

export const endedRefreshes: readonly CataloguedAttack[] = [afterLogout, afterRevocation, theft];
