/** Logins during an attack: of a victim, of the attacker himself, of an administrator. */

import { type Credential, credentialFrom } from '../workload/credential.ts';
import type { Answer, AttackRequest, Scene } from './attack.ts';
import { NothingProven } from './nothing-proven.ts';
import { type Headers, isAccepted, postRequest, told } from './requests.ts';

export type LoginResult =
  | { readonly ok: true; readonly session: Credential; readonly answer: Answer }
  | { readonly ok: false; readonly reason: string };

/** A login as a client sends it, with further headers. */
export function loginRequest(
  { contestant }: Pick<Scene, 'contestant'>,
  user: string,
  headers: Headers = {},
): AttackRequest {
  return postRequest(contestant.login.path, headers, loginFields({ contestant }, user));
}

export function loginFields({ contestant }: Pick<Scene, 'contestant'>, user: string): Record<string, string> {
  const { body } = contestant.login;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, value.replaceAll('{user}', user)]));
}

/** Throws as `ask`. */
export async function logInWith(scene: Scene, user: string, headers: Headers = {}): Promise<LoginResult> {
  const answer = await scene.ask(loginRequest(scene, user, headers));
  return resultOf(scene, user, answer);
}

/** The session of a user of its own, unless one is named. Throws NothingProven, and as `ask`. */
export async function logIn(scene: Scene, user = scene.nextUser(), headers: Headers = {}): Promise<Credential> {
  const login = await logInWith(scene, user, headers);
  if (!login.ok) throw new NothingProven(`a login of ${user} was answered ${login.reason}`);
  return login.session;
}

/** In the other realm; null where there is none. Throws as `logIn`. */
export async function logInElsewhere(scene: Scene, user: string): Promise<Credential | null> {
  const { elsewhere } = scene;
  if (elsewhere === null) return null;
  const answer = await scene.askElsewhere(loginRequest({ contestant: elsewhere }, user));
  const login = resultOf({ ...scene, contestant: elsewhere }, user, answer);
  if (!login.ok) throw new NothingProven(`a login in the other realm was answered ${login.reason}`);
  return login.session;
}

function resultOf({ contestant, clock }: Scene, user: string, answer: Answer): LoginResult {
  if (!isAccepted(answer)) return { ok: false, reason: told(answer) };
  const result = credentialFrom(contestant, user, answer, clock);
  if (!result.ok) return { ok: false, reason: `with ${result.reason}` };
  return { ok: true, session: result.credential, answer };
}
