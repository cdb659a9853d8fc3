/** All inline projections as one function: what is written in the same step as the events. */

import { account } from '../../domain/account.ts';
import type { AccountState } from '../../domain/account-state.ts';
import type { AccountEvent } from '../../domain/events.ts';
import type { Effect } from '../../eventlog/port.ts';
import { revocationsOf } from '../followed/revocations-of.ts';
import { credentialRecordEffects } from './credential-record.ts';
import { denylistEffects } from './denylist.ts';
import { refreshFamilyEffects } from './refresh-family.ts';
import { userEpochEffects } from './user-epoch.ts';

export interface Projected {
  readonly state: AccountState;
  readonly effects: readonly Effect[];
}

/** Folds events into the account and collects every effect, in order. */
export function project(before: AccountState, events: readonly AccountEvent[]): Projected {
  let state = before;
  const effects: Effect[] = [];
  for (const event of events) {
    const next = account.evolve(state, event);
    effects.push(
      ...credentialRecordEffects(event, state, next),
      ...refreshFamilyEffects(event, state),
      ...denylistEffects(event),
      ...userEpochEffects(event, state, next),
      ...revocationsOf(event).map((entry): Effect => ({ type: 'revoke', ...entry })),
    );
    state = next;
  }
  return { state, effects };
}
