/** What a strategy cannot do by its very nature, by the rows of the security checklist: data that families name in their traits. */

import type { Traits } from './strategy.ts';

export interface DesignedFailure {
  /** Of the checklist in `src/checklist`. */
  readonly row: number;
  /** For people who choose: what does not happen. Failures in the same words are shown as one. */
  readonly words: string;
}

/** Whether the strategy fails this row of the checklist, and says so. */
export function failsByDesign(traits: Pick<Traits, 'failsByDesign'>, row: number): boolean {
  return traits.failsByDesign.some((failure) => failure.row === row);
}

function failures(words: string, ...rows: readonly number[]): readonly DesignedFailure[] {
  return rows.map((row) => ({ row, words }));
}

/** The reference. */
export const checksNothing = failures('nothing is checked, so that no other row is asked of it', 1);

/** `cookie-session`: a new login (3), one session too many (9), logout (54), and every other end (56 to 59). */
export const cookieOutlivesItsSession = failures(
  'whatever ends a session, its cookie is good until it expires',
  3,
  9,
  54,
  56,
  57,
  58,
  59,
);

/** `jwt`: the same, and the end of the family when a refresh token comes back (67); refresh tokens do end. */
export const tokenOutlivesItsSession = failures(
  'whatever ends a session, its access tokens are good until they expire',
  3,
  9,
  54,
  55,
  56,
  57,
  58,
  59,
  67,
);

/** `epoch`. */
export const oneCounterForAll = failures(
  "the end of one session refuses every access token of its user, until each session's next refresh",
  59,
);

/** `jwt`, `denylist`, `hybrid`: they ask which sessions were ended, and never who there is. */
export const knowsNoUsers = failures('a token that this server has signed needs no user whom it knows', 37);

/** `jwt`. */
export const asksForNoKeys = failures(
  'without Redis it goes on with the keys it knows, also with those retired since',
  49,
);
