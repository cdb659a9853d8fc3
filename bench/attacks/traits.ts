/** What attacks take aim at, told by traits: no attack knows a strategy's name. */

import type { Contestant } from '../workload/contestant.ts';

type Traits = Contestant['traits'];

/** It lets in whoever shows a token that is signed and says by itself who that is. */
export function carriesToken({ transport, signature }: Traits): boolean {
  return transport === 'bearer' && signature !== undefined;
}

/** Its tokens are verified with a key that everybody may know. */
export function hasPublicKey(traits: Traits): boolean {
  return carriesToken(traits) && !(traits.signature?.algorithm ?? 'HS').startsWith('HS');
}

/** Its credential says something to whoever reads it: a token, or a cookie that holds the session itself. */
export function isReadable(traits: Traits): boolean {
  return carriesToken(traits) || traits.stateLocation === 'cookie';
}

/** It checks credentials at all. */
export function keepsSessions({ bound }: Traits): boolean {
  return bound !== 'unbounded';
}

export function refreshes({ refresh }: Traits): boolean {
  return refresh;
}
