/** A thief with the first refresh token of a client that has gone on refreshing (RFC 9700 2.2.2, 4.14.2). */

import type { Contestant } from '../workload/contestant.ts';
import { type Credential, credentialFrom } from '../workload/credential.ts';
import type { Answer, Attack, AttackResult, Scene } from './attack.ts';
import { type Headers, isAccepted, isRefused, postRequest, shown, told } from './requests.ts';
import { withoutRefresh } from './traits.ts';

export const noRotation: Attack = {
  name: 'no-rotation',
  deed: 'presents a refresh token that its owner has used',
  question: 'Is a stolen refresh token good for ever, and does anybody notice?',
  source: 'RFC 9700 2.2.2, 4.14.2; OWASP ASVS 5.0.0 10.4.5',
  inapplicable: withoutRefresh,
  async run(scene, session) {
    const path = scene.contestant.refreshPath;
    if (path === null) return unproven('there is no way to refresh');
    const stolen = session.headersFor(path);
    const once = await refreshedBy(scene, path, session.user, stolen);
    if (!once.ok) return unproven(`the client's first refresh was answered ${told(once.answer)}`);
    // The second time: a retry of the immediate parent may be honest, one of its parent is not.
    const twice = await refreshedBy(scene, path, session.user, once.headers);
    if (!twice.ok) return unproven(`the client's second refresh was answered ${told(twice.answer)}`);
    const replay = await scene.ask(postRequest(path, stolen));
    const owner = await scene.ask(postRequest(path, twice.headers));
    return judged(shown('POST', path, scene.contestant), replay, owner);
  },
};

function judged(request: string, replay: Answer, owner: Answer): AttackResult {
  const thief = `${request} ${told(replay)} with the first refresh token after its owner had refreshed twice`;
  const evidence = `${thief}, then ${told(owner)} with the owner's newest`;
  if (isAccepted(replay)) return { outcome: { kind: 'open', window: null, boundMillis: 0 }, evidence };
  if (!isRefused(replay)) return { outcome: { kind: 'unproven' }, evidence };
  // Who of the two is the thief cannot be told: had he been the first to refresh, the newest token would be his.
  if (isAccepted(owner)) return { outcome: { kind: 'open', window: null, boundMillis: 0 }, evidence };
  return { outcome: { kind: isRefused(owner) ? 'blocked' : 'unproven' }, evidence };
}

type Refreshed = { readonly ok: true; readonly headers: Headers } | { readonly ok: false; readonly answer: Answer };

/** What the client sends the next time: the new refresh token, or the old one where no new one came. */
async function refreshedBy(scene: Scene, path: string, user: string, headers: Headers): Promise<Refreshed> {
  const answer = await scene.ask(postRequest(path, headers));
  const next = isAccepted(answer) ? sessionIn(scene, scene.contestant, user, answer) : null;
  if (next === null) return { ok: false, answer };
  const sent = next.headersFor(path);
  return { ok: true, headers: sent.cookie === undefined ? headers : sent };
}

function sessionIn({ clock }: Scene, contestant: Contestant, user: string, answer: Answer): Credential | null {
  const result = credentialFrom(contestant, user, answer, clock);
  return result.ok ? result.credential : null;
}

function unproven(evidence: string): AttackResult {
  return { outcome: { kind: 'unproven' }, evidence };
}
