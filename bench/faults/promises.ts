/** What the configuration promises of one contestant under one fault. */

import type { FaultPromises } from '../record/fault-events.ts';
import type { Contestant } from '../workload/contestant.ts';
import type { Concession } from './fault.ts';

export function promisesOf({ traits }: Pick<Contestant, 'traits'>, concession: Concession | null): FaultPromises {
  const { acceptsRevoked, losesRevocations = false, refusesValid = false } = concession ?? {};
  const looksUp = traits.redisCommandsPerCheck > 0;
  const isConceded = acceptsRevoked === 'everybody' || (acceptsRevoked === 'look-ups' && looksUp);
  return { refusesRevoked: !isConceded, losesNothing: !losesRevocations, keepsValid: !refusesValid };
}
