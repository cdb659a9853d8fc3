/** The shape of every business rule: pure, told as `given(events).when(command).then(events)`. */

export interface Decider<Command, Event, State, Outcome> {
  readonly initial: State;
  /** What happens, and what to tell the caller. No I/O, no clock, no randomness: all of it arrives in the command. */
  decide(command: Command, state: State): Decision<Event, Outcome>;
  /** The state after an event. Total: it accepts every event that was ever written, in the order it was written. */
  evolve(state: State, event: Event): State;
}

export interface Decision<Event, Outcome> {
  readonly events: readonly Event[];
  readonly outcome: Outcome;
}

/** Folds events into a state, oldest first. */
export function fold<State, Event>(
  evolve: (state: State, event: Event) => State,
  state: State,
  events: Iterable<Event>,
): State {
  let folded = state;
  for (const event of events) folded = evolve(folded, event);
  return folded;
}
