/** Asks with one credential until it is refused: how long a door stayed open that should have been shut. */

import type { AttackOutcome } from '../record/attack-events.ts';
import type { Answer, AttackRequest, Scene } from './attack.ts';
import { isAccepted, isRefused } from './requests.ts';

export interface Watched {
  /** When the last accepted request was sent, on the scene's monotonic clock; null: none was accepted. */
  readonly lastAcceptedAtMillis: number | null;
  /** The answer that refused; null: none did until the end of the watch. */
  readonly refusal: Answer | null;
}

/** Asks the last node until refused, or until a request has been answered that was sent after `untilMillis`. Throws as `ask`. */
export async function watchUntilRefused(scene: Scene, request: AttackRequest, untilMillis: number): Promise<Watched> {
  let lastAcceptedAtMillis: number | null = null;
  for (;;) {
    const answer = await scene.askAnother(request);
    if (isRefused(answer)) return { lastAcceptedAtMillis, refusal: answer };
    if (isAccepted(answer)) lastAcceptedAtMillis = answer.sentAtMillis;
    if (answer.sentAtMillis > untilMillis) return { lastAcceptedAtMillis, refusal: null };
    await scene.pause();
  }
}

export interface Promised {
  /** The door should be shut from here on (monotonic). */
  readonly shutAtMillis: number;
  /** What the server publishes: so long after that it may still be open. */
  readonly boundMillis: number;
  /** The bound is the remaining lifetime: to be open until then is its design. */
  readonly byDesign: boolean;
}

/** Held to what was promised. A request that was sent before the door should be shut proves nothing. */
export function outcomeOf({ lastAcceptedAtMillis, refusal }: Watched, promised: Promised): AttackOutcome {
  const { shutAtMillis, boundMillis, byDesign } = promised;
  const millis = lastAcceptedAtMillis === null ? 0 : Math.max(0, lastAcceptedAtMillis - shutAtMillis);
  // Neither accepted nor refused to the end: the server was not able to judge.
  if (millis === 0) return refusal === null ? { kind: 'unproven' } : { kind: 'blocked' };
  const window = { millis, ended: refusal !== null };
  if (byDesign && millis <= boundMillis) return { kind: 'open-by-design', window };
  return { kind: 'open', window, boundMillis };
}
