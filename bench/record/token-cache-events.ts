/** What is recorded of contestants that remember the tokens they have verified. */

/** Counters of the contestant's node since it began, read after a pair of windows. */
export interface TokenCacheCounted {
  readonly type: 'TokenCacheCounted';
  readonly at: string;
  readonly contestant: string;
  readonly round: number;
  /** Tokens that were looked up, and those that were found. */
  readonly lookups: number;
  readonly hits: number;
}
