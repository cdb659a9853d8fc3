/** What is recorded of nodes while nobody asks them. */

/** The two processes of a pair between two of their rounds, in which others were measured on the same machine. */
export interface BackgroundMeasured {
  readonly type: 'BackgroundMeasured';
  readonly at: string;
  readonly contestant: string;
  /** Of the pair that ended it. */
  readonly round: number;
  /** As of a pair. */
  readonly process?: number;
  readonly contestantIdle: IdlePeriod;
  readonly referenceIdle: IdlePeriod;
}

/** By the node's own clock and counters; what it cost to read them is not in it. */
export interface IdlePeriod {
  readonly durationMillis: number;
  readonly cpuMicros: number;
}
