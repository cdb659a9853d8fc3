/** Sends forged tokens one after the other and sees whether any of them lets in. */

import type { AttackRequest, AttackResult, Scene } from './attack.ts';
import { NothingProven } from './nothing-proven.ts';
import { bearer, isAccepted, isRefused, profileRequest, shown, told, toldWho } from './requests.ts';

export interface Forgery {
  readonly token: string;
  /** Completes "a token …". */
  readonly what: string;
}

/** All are sent as bearer tokens, also after one was accepted; throws as `ask`. */
export function presentForgeries(scene: Scene, forgeries: readonly Forgery[]): Promise<AttackResult> {
  const requests = forgeries.map(({ token, what }) => ({
    request: profileRequest(scene.contestant, bearer(token)),
    what: `a token ${what}`,
  }));
  return presentRequests(scene, requests);
}

export interface ForgedRequest {
  readonly request: AttackRequest;
  /** What makes it one. */
  readonly what: string;
}

/** All are sent, also after one was accepted, each to be refused; throws as `ask`. */
export async function presentRequests(scene: Scene, forgeries: readonly ForgedRequest[]): Promise<AttackResult> {
  const [
    {
      request: { method, path },
    } = { request: { method: 'GET', path: '/' } as const },
  ] = forgeries;
  const resource = shown(method, path.split('?')[0] ?? path, scene.contestant);
  const begunAtMillis = scene.clock.monotonicMillis();
  const accepted: string[] = [];
  const answers = new Map<string, number>();
  let unjudged = 0;
  for (const { request, what } of forgeries) {
    const answer = await scene.ask(request);
    if (isAccepted(answer)) accepted.push(`${told(answer)}${toldWho(answer)}, by ${what}`);
    else if (!isRefused(answer)) unjudged += 1;
    answers.set(told(answer), (answers.get(told(answer)) ?? 0) + 1);
  }
  const [first] = accepted;
  if (first !== undefined) {
    const evidence = `${resource} ${first} (${accepted.length} of ${forgeries.length} forgeries)`;
    return { outcome: { kind: 'open', window: null, boundMillis: 0 }, evidence };
  }
  demandLiving(scene, begunAtMillis);
  const counted = [...answers].map(([answer, count]) => `${answer} (${count} of ${forgeries.length} forgeries)`);
  const evidence = `${resource} ${counted.join(', ')}`;
  return { outcome: { kind: unjudged === 0 ? 'blocked' : 'unproven' }, evidence };
}

/** What is made of a token that has died meanwhile is refused for its age, whatever else is wrong with it. */
function demandLiving({ clock, accessTokenLifetimeMillis }: Scene, begunAtMillis: number): void {
  const lastedMillis = clock.monotonicMillis() - begunAtMillis;
  // Times in tokens are whole seconds: one may live for almost a second less. The shortest are for tests that forge no such.
  if (lastedMillis < Math.max(accessTokenLifetimeMillis - wholeSecondMillis, 2 * wholeSecondMillis)) return;
  throw new NothingProven(`it took ${(lastedMillis / 1_000).toFixed(1)} s, for as long as a token lives`);
}

const wholeSecondMillis = 1_000;
