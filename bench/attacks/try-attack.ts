/**
 * One attack on one server, with the proof that it could have failed: before and after it a genuine login and request
 * are accepted, and a request without a credential, or with a spoilt one, is not. Otherwise neither *blocked* nor
 * *open* would mean anything.
 */

import type { Clock } from '../../src/kernel/clock.ts';
import { type Credential, credentialFrom } from '../workload/credential.ts';
import { sharedSignal } from '../workload/shared-signal.ts';
import type { Attack, AttackResult, AttackTarget, Scene } from './attack.ts';
import {
  accessTokenOf,
  bearer,
  type Headers,
  isAccepted,
  isRefused,
  jsonMembers,
  postRequest,
  profileRequest,
  told,
} from './requests.ts';
import { TargetClient } from './target-client.ts';
import { withChangedSignature } from './token.ts';
import { carriesToken } from './traits.ts';

export interface TryOptions {
  readonly clock: Clock;
  /** Names of users that nothing else uses: a new one for each call. */
  readonly nextUser: () => string;
  readonly signal?: AbortSignal;
}

/** Throws ERR_PART_CRASHED when the server does not answer, ERR_INTERRUPTED when the signal fires. */
export async function tryAttack(attack: Attack, target: AttackTarget, options: TryOptions): Promise<AttackResult> {
  const { clock, nextUser } = options;
  const signal = sharedSignal(options.signal);
  const client = new TargetClient(target.contestant.nodes[0] ?? '', clock, signal);
  const scene: Scene = { ...target, clock, ask: (request) => client.ask(request), pause: () => client.pause() };
  try {
    const before = await prove(scene, nextUser());
    if (!before.ok) return unproven(`before the attack ${before.reason}`);
    const result = await attack.run(scene, before.session);
    const after = await prove(scene, nextUser());
    return after.ok ? result : unproven(`${result.evidence}; after the attack ${after.reason}`);
  } finally {
    await client.close();
  }
}

function unproven(evidence: string): AttackResult {
  return { outcome: { kind: 'unproven' }, evidence };
}

type Proof = { readonly ok: true; readonly session: Credential } | { readonly ok: false; readonly reason: string };

/** Logs a user in and asks with the session, without it, and with a spoilt one. */
async function prove(scene: Scene, user: string): Promise<Proof> {
  const { contestant, clock } = scene;
  const { path, body } = contestant.login;
  const fields = Object.entries(body).map(([name, value]) => [name, value.replaceAll('{user}', user)]);
  const answer = await scene.ask(postRequest(path, {}, Object.fromEntries(fields)));
  if (!isAccepted(answer)) return { ok: false, reason: `a genuine login was answered ${told(answer)}` };
  const login = credentialFrom(contestant, user, answer, clock);
  if (!login.ok) return { ok: false, reason: `a genuine login was answered with ${login.reason}` };
  const session = login.credential;

  const genuine = await scene.ask(profileRequest(contestant, session.headersFor(contestant.protectedPath)));
  if (!isAccepted(genuine)) return { ok: false, reason: `a genuine request was answered ${told(genuine)}` };
  if (jsonMembers(genuine.body).sub !== user)
    return { ok: false, reason: 'a genuine request was taken for another user' };
  for (const [what, headers] of worthless(scene, session)) {
    const refused = await scene.ask(profileRequest(contestant, headers));
    if (!isRefused(refused)) return { ok: false, reason: `a request ${what} was answered ${told(refused)}` };
  }
  return { ok: true, session };
}

/** What no server may accept, whatever its mistake. */
function worthless({ contestant }: Scene, session: Credential): readonly (readonly [string, Headers])[] {
  const token = accessTokenOf(contestant, session);
  const spoilt = token !== null && carriesToken(contestant.traits) ? [withChangedSignature(token)] : [];
  return [['without a credential', {}], ...spoilt.map((changed) => ['with a spoilt token', bearer(changed)] as const)];
}
