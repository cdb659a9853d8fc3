/** A fault as data: what is done, to whom, how it ends, and what a right configuration does not promise meanwhile. */

import type { ClusterWorld, OneRedisWorld, SentinelWorld } from './worlds.ts';

export type Fault = FaultFacts &
  (
    | {
        readonly topology: 'one';
        /** What lies between the nodes and Redis. */
        readonly wires: Wires;
        /** The first node's clock can be set apart from the others'. */
        readonly bendsClock?: true;
        readonly inflict: Inflict<OneRedisWorld>;
      }
    | {
        readonly topology: 'sentinel';
        /** How many replicas confirm each write. */
        readonly replicas: number;
        readonly inflict: Inflict<SentinelWorld>;
      }
    | { readonly topology: 'cluster'; readonly replicas: number; readonly inflict: Inflict<ClusterWorld> }
  );

/** Nothing; a link of each node that can be cut; one of all nodes that can be made slow; or those over this. */
export type Wires = 'direct' | 'links' | 'delay-link' | 'links-over-delay-link';

/** Returns when the fault stands; what it returns takes its cause away. */
export type Inflict<World> = (world: World) => Promise<() => Promise<void>>;

interface FaultFacts {
  /** A few words by which the report calls it. */
  readonly title: string;
  /** What is done, as the end of a sentence. */
  readonly deed: string;
  /** Rows of the security checklist (`src/checklist`), and who tells of the fault. */
  readonly source: string;
  /** Whom it befalls: what everybody asks, or the first node alone. */
  readonly befalls: 'redis' | 'first-node';
  /** Null: whatever a strategy promises holds under it. */
  readonly concession: Concession | null;
  /** How long it stands, given the staleness limit. */
  readonly lastsMillis: (stalenessLimitMillis: number) => number;
  /** Why this machine cannot inflict it, with the remedy; null where it can. Absent: every machine can. */
  readonly hindrance?: () => Promise<string | null>;
}

/** What even the right configuration does not promise: part of README, "What Redis can lose". */
export interface Concession {
  /** In a sentence, for the report. */
  readonly words: string;
  /** Who may let in somebody who has logged out; absent: nobody. */
  readonly acceptsRevoked?: 'look-ups' | 'everybody';
  /** Acknowledged logouts may be gone afterwards. */
  readonly losesRevocations?: true;
  /** Who has not logged out may have to log in again. */
  readonly refusesValid?: true;
}

/** The staleness limit, after which nodes that are out of touch have closed, and time to look at them. */
export function beyondStaleness(stalenessLimitMillis: number): number {
  return stalenessLimitMillis + 2_000;
}
