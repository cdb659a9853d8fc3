/** Tokens that the server's own key has signed and that are wrong in one thing alone. */

import type { AttackOutcome } from '../record/attack-events.ts';
import type { Credential } from '../workload/credential.ts';
import type { AttackResult, Scene } from './attack.ts';
import { type Forgery, presentForgeries } from './forgeries.ts';
import { NothingProven } from './nothing-proven.ts';
import { accessTokenOf, bearer, isAccepted, profileRequest, told } from './requests.ts';
import { type Part, signedBy } from './signer.ts';
import { type OpenedToken, openToken } from './token.ts';

/** A genuine token of the session, opened. Throws NothingProven when it is none. */
export function openedOf({ contestant }: Scene, session: Credential): OpenedToken {
  const opened = openToken(accessTokenOf(contestant, session) ?? '');
  if (opened === null) throw new NothingProven('the login gave no signed token to start from');
  return opened;
}

export interface Crafted {
  /** Of the genuine token unless given. */
  readonly header?: Part;
  readonly payload?: Part;
  /** Completes "a token …". */
  readonly what: string;
}

/**
 * Presents them all. First one that is wrong in nothing: were that refused, so would the others be, for another reason.
 * Throws NothingProven, and as `ask`.
 */
export async function presentCrafted(
  scene: Scene,
  session: Credential,
  craft: (genuine: OpenedToken) => readonly Crafted[],
): Promise<AttackResult> {
  const genuine = openedOf(scene, session);
  const sign = (header: Part = genuine.header, payload: Part = genuine.payload) => {
    if (scene.signer === null) throw new NothingProven('the key of the server is not known to the lab');
    return signedBy(scene.signer, header, payload);
  };
  const right = await scene.ask(profileRequest(scene.contestant, bearer(sign())));
  if (!isAccepted(right)) {
    throw new NothingProven(`a token signed with the server's key and wrong in nothing was answered ${told(right)}`);
  }
  const forgeries = craft(genuine).map(
    ({ header, payload, what }): Forgery => ({ token: sign(header, payload), what }),
  );
  return presentForgeries(scene, forgeries);
}

/** It got through, as often as it is tried: by design where the strategy says so of this row of the checklist. */
export function gotThrough({ contestant }: Scene, row: number): AttackOutcome {
  const designed = contestant.traits.failsByDesign.find((failure) => failure.row === row);
  if (designed === undefined) return open;
  return { kind: 'open-by-design', window: null, reason: designed.words };
}

export const open: AttackOutcome = { kind: 'open', window: null, boundMillis: 0 };
export const blocked: AttackOutcome = { kind: 'blocked' };
