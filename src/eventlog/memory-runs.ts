/** The runs of a server in memory: each restart begins one, and with it a new epoch of every partition that is written to. */

import type { Clock } from '../kernel/clock.ts';
import type { PartitionState } from './memory-partition.ts';

export class MemoryRuns {
  readonly #clock: Clock;
  /** Of a server and all its copies, so that no two give the same name to a run or a birth. */
  readonly #counts: { runs: number; births: number };
  #run = 0;

  constructor(clock: Clock, counts = { runs: 0, births: 0 }) {
    this.#clock = clock;
    this.#counts = counts;
    this.begin();
  }

  /** Those of a copy of the server. */
  another(): MemoryRuns {
    return new MemoryRuns(this.#clock, this.#counts);
  }

  /** A new run id: what a restart gives to Redis. */
  begin(): void {
    this.#counts.runs += 1;
    this.#run = this.#counts.runs;
  }

  /** As the scripts find it: a partition without one is born, and another run's becomes this one's next. */
  epochOf(state: PartitionState): string {
    const runId = `run${this.#run}`;
    if (state.runId === runId) return state.epoch;
    if (state.birth === null) {
      this.#counts.births += 1;
      state.birth = Math.floor(this.#clock.wallMillis()) * 1_000 + this.#counts.births;
    } else state.turn += 1;
    state.runId = runId;
    state.epoch = `${state.birth}.${state.turn}-${runId}`;
    return state.epoch;
  }
}
