/** What is recorded of latency at a fixed arrival rate. */

/** One open-loop window: requests that were meant to start in it, at equal distances. */
export interface OpenLoopSample {
  readonly requests: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** Connections that broke before an answer. */
  readonly errors: number;
  /** Not answered two seconds after the last was meant to start; in the histogram with the time they had waited. */
  readonly unanswered: number;
  /** From the intended start, microseconds: HdrHistogram V2, compressed, base64; so are the two below. */
  readonly latencyHistogram: string;
  /** From the moment of sending. */
  readonly serviceHistogram: string;
  /** From the intended start to the moment of sending, where a connection was free. */
  readonly latenessHistogram: string;
  readonly generatorCpuMicros: number;
  readonly generatorEventLoopUtilisation: number;
}

/** Two adjacent windows: the contestant, and the reference that was sent the contestant's very bytes. */
export interface OpenLoopMeasured {
  readonly type: 'OpenLoopMeasured';
  readonly at: string;
  readonly contestant: string;
  readonly round: number;
  readonly order: 'contestant-first' | 'reference-first';
  readonly contestantSample: OpenLoopSample;
  readonly referenceSample: OpenLoopSample;
}
