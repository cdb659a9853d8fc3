/** The shape of `results.json`: every number a report may hold, computed once from the events of a run. */

import type { AttackOutcome, MistakeName } from '../../record/attack-events.ts';
import type {
  ContestantDescribed,
  MachineFacts,
  RedisFacts,
  RevocationCondition,
  RunStarted,
} from '../../record/run-events.ts';
import type { Interval, MedianInterval } from '../../statistics/interval.ts';
import type { Distribution } from '../../statistics/quantiles.ts';
import type { Warning } from '../../statistics/warnings.ts';
import type { ExpectationResult, HypothesisResult } from './expectations.ts';
import type { Figure } from './figure.ts';
import type { FolkloreTable } from './folklore.ts';
import type { CostComparison, CostOfCheck, LatencySummary, Throughput } from './load-results.ts';
import type { MeasureResults } from './measures.ts';
import type { SweepResults } from './sweep.ts';
import type { TradeOff } from './trade-off.ts';

export const resultsVersion = 1;

export interface Results {
  readonly resultsVersion: typeof resultsVersion;
  readonly run: RunSummary;
  readonly validity: Validity;
  /** Of the whole run and of each contestant; those that void come first. */
  readonly warnings: readonly Warning[];
  /** `none` against `none`: differences of this size are noise in this run. */
  readonly noiseFloor: NoiseFloor;
  /** `none` first, then in the scenario's order. */
  readonly contestants: readonly ContestantResults[];
  /** CPU cost of one strategy less that of another, in the same rounds. */
  readonly costComparisons: readonly CostComparison[];
  /** Null where cost and exposure were not both measured of two strategies; with a sweep it stands at the levels. */
  readonly tradeOff: TradeOff | null;
  /** In the order they were tried; empty when the scenario asks for none. */
  readonly mistakes: readonly MistakeResults[];
  readonly measures: MeasureResults;
  /**
   * Null without a sweep. With one, `contestants`, `costComparisons`, `delivery` and the noise floor are those of the levels
   * and stand here; above they are empty.
   */
  readonly sweep: SweepResults | null;
  /** The lines of `expect:`, in their order. */
  readonly expectations: readonly ExpectationResult[];
  readonly hypotheses: readonly HypothesisResult[];
  /** Null in a sweep, and where no hypothesis belongs to a row of the table. */
  readonly folklore: FolkloreTable | null;
  readonly delivery: { readonly idle: DeliverySummary | null; readonly loaded: DeliverySummary | null };
  readonly machine: MachineFacts;
  readonly redis: RedisFacts;
  readonly dependencies: Readonly<Record<string, string>>;
}

export interface RunSummary {
  readonly runId: string;
  readonly startedAt: string;
  /** Null when the run was aborted without a word. */
  readonly endedAt: string | null;
  readonly durationMillis: number | null;
  /** A run whose record ends without `RunEnded` is aborted. */
  readonly outcome: 'completed' | 'aborted' | 'failed';
  readonly fault: { readonly code: string; readonly message: string } | null;
  readonly recordTorn: boolean;
  /** Of the contestant that has most of them: credentials that were issued in bulk. */
  readonly bulkCredentials: number;
  readonly authlabVersion: string;
  readonly commit: string | null;
  readonly seed: number;
  readonly scenario: RunStarted['scenario'];
}

/**
 * A run is invalid when a credential was accepted later than its strategy's published bound allows, or an attack did not
 * come out as it must: where the mistake is made it gets through, and elsewhere it does not.
 */
export type Validity =
  | { readonly state: 'valid' }
  | {
      readonly state: 'invalid';
      readonly falseAccepts: readonly FalseAccept[];
      readonly mistakeFaults: readonly MistakeFault[];
    };

export interface FalseAccept {
  readonly contestant: string;
  readonly condition: RevocationCondition;
  readonly trial: number;
  readonly node: number;
  /** Bound after the acknowledgement; under `until-expiry`, after sending the revoke. */
  readonly boundMillis: number;
  /** How long after the bound the last accepted request was sent. */
  readonly beyondBoundMillis: number;
}

/** `not-caught`: the attack failed where the mistake is made. `got-through`: it succeeded where it is not made. */
export interface MistakeFault {
  readonly mistake: MistakeName;
  readonly contestant: string;
  readonly kind: 'not-caught' | 'got-through' | 'unproven';
}

export interface MistakeResults {
  readonly mistake: MistakeName;
  /** What the attacker does, in a few words. */
  readonly deed: string;
  readonly question: string;
  readonly source: string;
  /** The server that makes the mistake; null when the run ended before it was attacked. */
  readonly broken: AttackResults | null;
  /** Every strategy that the mistake could be made with. */
  readonly right: readonly AttackResults[];
}

export interface AttackResults {
  readonly contestant: string;
  readonly outcome: AttackOutcome;
  /** What was sent and what was answered. */
  readonly evidence: string;
  /** Null: it came out as it must. */
  readonly fault: MistakeFault['kind'] | null;
}

export interface NoiseFloor {
  /** Difference of CPU per request, node process, microseconds. */
  readonly nodeCpuMicros: Interval | null;
  /** Ratio of requests per second. */
  readonly throughputRatio: Interval | null;
}

export interface ContestantResults {
  readonly contestant: string;
  /** Traits and parity proof; null when the run ended before it was described. */
  readonly description: Omit<ContestantDescribed, 'type' | 'at' | 'contestant'> | null;
  readonly cost: Figure<CostOfCheck>;
  readonly throughput: Figure<Throughput>;
  readonly latency: Figure<LatencySummary>;
  readonly revocation: Readonly<Record<RevocationCondition, Figure<RevocationSummary>>>;
  readonly tokenSize: Figure<readonly TokenSize[]>;
}

export interface RevocationSummary {
  /** Trials that count; the others are warned of. */
  readonly trials: number;
  /** Trials whose revoke was acknowledged: all of them, unless Redis was stopped meanwhile. */
  readonly acknowledgedTrials: number;
  readonly nodes: number;
  /** From sending the revoke to the first moment after which no node accepts. Null when no trial saw all refuse. */
  readonly revocationLatencyMillis: Distribution | null;
  /** From the acknowledgement to the last accepted request sent after it, over all nodes; 0 if none. */
  readonly exposureWindowMillis: Distribution | null;
  /** The medians of both once more, each with its interval (from six trials on). */
  readonly revocationLatencyMedianMillis: MedianInterval | null;
  readonly exposureMedianMillis: MedianInterval | null;
  /** The bound after the acknowledgement that the trials were held to; null where it is the remaining lifetime. */
  readonly boundMillis: number | null;
  /** Lifetime left when the revoke was sent, leeway included, where the bound is that. */
  readonly remainingLifetimeMillis: { readonly min: number; readonly max: number } | null;
  /** Trials in which some node accepted beyond the bound. */
  readonly falseAccepts: number;
  /** Longest gap between two probes of a node around the change: the resolution. Median and maximum over nodes. */
  readonly probeSpacingMillis: { readonly p50: number; readonly max: number };
  /** Latencies and exposures of the trials in ascending order, for the curve of their distribution; thinned when many. */
  readonly curves: {
    readonly revocationLatencyMillis: readonly number[];
    readonly exposureMillis: readonly number[];
    /** How far a share on them may be from the truth, 95 % for a whole curve. */
    readonly errorShare: number;
  };
  /** Longest exposure over the longest bare delivery in the same condition; null without a baseline. */
  readonly multipleOfDelivery: number | null;
  /** The same at the 99th percentiles; null where the trials or the deliveries carry none. */
  readonly multipleOfDeliveryP99: number | null;
}

/** Bare delivery of Redis, milliseconds. */
export interface DeliverySummary extends Distribution {
  /** In ascending order, thinned when many. */
  readonly curve: readonly number[];
}

export interface TokenSize {
  readonly claims: string;
  readonly requestHeaderBytes: number;
  readonly authRequestHeaderBytes: number;
  readonly loginResponseBytes: number;
  readonly largestCookieBytes: number;
  /** Browsers drop a cookie whose name and value exceed 4096 bytes. */
  readonly fitsCookie: boolean;
}
