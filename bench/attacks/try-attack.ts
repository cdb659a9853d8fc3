/**
 * One attack on one server, with the proof that it could have failed: before and after it a genuine login and request
 * are accepted, and a request without a credential, or with a spoilt one, is not. Otherwise neither *blocked* nor
 * *open* would mean anything.
 */

import type { Clock } from '../../src/kernel/clock.ts';
import type { Credential } from '../workload/credential.ts';
import { sharedSignal } from '../workload/shared-signal.ts';
import type { Attack, AttackResult, AttackTarget, Scene } from './attack.ts';
import { logInWith } from './log-in.ts';
import { NothingProven } from './nothing-proven.ts';
import {
  accessTokenOf,
  bearer,
  type Headers,
  isAccepted,
  isRefused,
  jsonMembers,
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
  /** Addresses that nothing else uses. */
  readonly nextSource: () => string;
  readonly signal?: AbortSignal;
}

/** Throws ERR_PART_CRASHED when the server does not answer, ERR_INTERRUPTED when the signal fires. */
export async function tryAttack(attack: Attack, target: AttackTarget, options: TryOptions): Promise<AttackResult> {
  const { clock, nextUser, nextSource } = options;
  const { contestant, elsewhere } = target;
  const means = { clock, source: nextSource(), signal: sharedSignal(options.signal) };
  const client = new TargetClient(contestant.nodes[0] ?? '', means);
  const another = new TargetClient(contestant.nodes.at(-1) ?? '', means);
  const other = new TargetClient((elsewhere ?? contestant).nodes[0] ?? '', means);
  const scene: Scene = {
    ...target,
    clock,
    nextUser,
    nextSource,
    ask: (request) => client.ask(request),
    askAtOnce: (requests) => client.askAtOnce(requests),
    askAnother: (request) => another.ask(request),
    askElsewhere: (request) => other.ask(request),
    pause: () => client.pause(),
  };
  try {
    const before = await provenBy(scene, 'before the attack');
    const result = await attack.run(scene, before);
    try {
      await provenBy(scene, 'after the attack');
    } catch (error) {
      throw error instanceof NothingProven ? new NothingProven(`${result.evidence}; ${error.message}`) : error;
    }
    return result;
  } catch (error) {
    if (error instanceof NothingProven) return { outcome: { kind: 'unproven' }, evidence: error.message };
    throw error;
  } finally {
    await client.close();
    await another.close();
    await other.close();
  }
}

/** Logs a user in and asks with the session, without it, and with a spoilt one. Throws NothingProven, and as `ask`. */
async function provenBy(scene: Scene, when: string): Promise<Credential> {
  const { contestant } = scene;
  const nothing = (what: string) => new NothingProven(`${when} ${what}`);
  const login = await logInWith(scene, scene.nextUser());
  if (!login.ok) throw nothing(`a genuine login was answered ${login.reason}`);
  const { session } = login;
  const genuine = await scene.ask(profileRequest(contestant, session.headersFor(contestant.protectedPath)));
  if (!isAccepted(genuine)) throw nothing(`a genuine request was answered ${told(genuine)}`);
  if (jsonMembers(genuine.body).sub !== session.user) throw nothing('a genuine request was taken for another user');
  for (const [what, headers] of worthless(scene, session)) {
    const refused = await scene.ask(profileRequest(contestant, headers));
    if (!isRefused(refused)) throw nothing(`a request ${what} was answered ${told(refused)}`);
  }
  return session;
}

/** What no server may accept, whatever its mistake. */
function worthless({ contestant }: Scene, session: Credential): readonly (readonly [string, Headers])[] {
  const token = accessTokenOf(contestant, session);
  const spoilt = token !== null && carriesToken(contestant.traits) ? [withChangedSignature(token)] : [];
  return [['without a credential', {}], ...spoilt.map((changed) => ['with a spoilt token', bearer(changed)] as const)];
}
