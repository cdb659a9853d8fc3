/** Tells a business rule as a story: `given(events).when(command).then(outcome, events)`. For tests. */

import { expect } from 'vitest';
import { type Decider, fold } from './decider.ts';

export function storiesOf<Command, Event, State, Outcome>(decider: Decider<Command, Event, State, Outcome>) {
  return {
    given: (...history: readonly Event[]) => ({
      when: (command: Command) => {
        const decision = decider.decide(command, fold(decider.evolve, decider.initial, history));
        return {
          decision,
          then: (outcome: Outcome, ...events: readonly Event[]) => {
            expect(decision).toEqual({ outcome, events });
          },
        };
      },
    }),
  };
}
