/** What is recorded of the delay link: round trips over it and past it. */

/** Taken in pairs on idle connections: the two lists are as long as each other, and belong together place by place. */
export interface LinkMeasured {
  readonly type: 'LinkMeasured';
  readonly at: string;
  /** To a round trip. What was added is in the measured times. */
  readonly addedMillisAsked: number;
  /** Whole microseconds of each round trip past the link. */
  readonly directMicros: readonly number[];
  /** Whole microseconds of each round trip over the link. */
  readonly linkMicros: readonly number[];
}
