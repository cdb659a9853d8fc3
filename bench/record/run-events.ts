/**
 * What can happen in a run, as it is written to `events.ndjson`, one JSON object a line. These lines are the truth:
 * `results.json`, the report and the terminal's table are folds over them and hold no number that is not computed there.
 */

import type { Scenario } from '../scenario/schema.ts';
import type { MistakeTried } from './attack-events.ts';
import type { MeasureEvent } from './measure-events.ts';

export const recordVersion = 1;

/** The contestant that checks nothing: part of every run, though no scenario names it. */
export const referenceContestant = 'none';

export interface MachineFacts {
  readonly hostPlatform: string;
  readonly kernelRelease: string;
  readonly cpuModel: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly nodeVersion: string;
  /** Cores each part was pinned to, or null where the system does not allow it. */
  readonly pinning: {
    readonly node: readonly number[];
    readonly generator: readonly number[];
    readonly redis: readonly number[];
  } | null;
  /** How the load generator waits for answers in pairs; absent in older records. */
  readonly generatorWaiting?: 'asleep' | 'awake' | 'awake-giving-way';
  /** 1-minute load average when the run began. */
  readonly loadAverage: number;
}

export interface RedisFacts {
  /** How it was found: an address that was given, a program on this machine, or a container. */
  readonly source: 'url' | 'binary' | 'docker';
  readonly server: string;
  readonly version: string;
  readonly maxmemoryPolicy: string;
  readonly appendonly: string;
  readonly appendfsync: string;
}

export interface RunStarted {
  readonly type: 'RunStarted';
  readonly at: string;
  readonly recordVersion: typeof recordVersion;
  readonly runId: string;
  readonly authlabVersion: string;
  readonly commit: string | null;
  /** As validated, defaults filled in. */
  readonly scenario: Scenario;
  readonly seed: number;
  readonly machine: MachineFacts;
  readonly redis: RedisFacts;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Traits and parity proof of one contestant, read from the registry and from its own server. */
export interface ContestantDescribed {
  readonly type: 'ContestantDescribed';
  readonly at: string;
  readonly contestant: string;
  readonly family: string;
  readonly transport: 'bearer' | 'cookie' | 'ignored';
  readonly stateLocation: string;
  readonly revocation: 'record' | 'denylist' | 'epoch' | 'followed' | 'followed-strict' | 'none';
  readonly bound: 'zero' | 'staleness-limit' | 'remaining-lifetime' | 'unbounded';
  readonly redisCommandsPerCheck: number;
  readonly signature: {
    readonly algorithm: string;
    readonly keyBits: number;
    readonly library: string;
    readonly libraryVersion: string;
    /** Absent: as it is best used. */
    readonly usage?: string;
  } | null;
}

export interface CredentialsPrepared {
  readonly type: 'CredentialsPrepared';
  readonly at: string;
  readonly contestant: string;
  /** Distinct credentials. */
  readonly count: number;
  /** So many of them were issued in bulk, by the server's own code; absent: each by its own login over HTTP. */
  readonly bulk?: number;
  readonly durationMillis: number;
}

/** Bytes of the credential as a client with a cookie jar sends and receives it. */
export interface SizeMeasured {
  readonly type: 'SizeMeasured';
  readonly at: string;
  readonly contestant: string;
  readonly claims: string;
  /** `authorization` and `cookie` header lines of `GET /profile`, names, colon, blank and line end included. */
  readonly requestHeaderBytes: number;
  /** The same for `POST /auth/refresh` (or logout, where there is no refresh). */
  readonly authRequestHeaderBytes: number;
  /** `set-cookie` header lines and body of the login's answer. */
  readonly loginResponseBytes: number;
  /** The longest single cookie, name and value; 0 without cookies. Browsers drop those over 4096. */
  readonly largestCookieBytes: number;
}

/**
 * One closed-loop window over one node, in slices that take turns with those of the other side of its pair: what lies
 * between two readings of the node's counters, both taken while no request is under way. Connections are made before the
 * first and end after the second.
 */
export interface WindowSample {
  /** Requests that the node began to answer between the readings. */
  readonly requests: number;
  /** Between the readings, the time in which it was this side's turn. */
  readonly durationMillis: number;
  /** Between the readings, the time in which it was not; absent in older records. */
  readonly otherTurnsMillis?: number;
  /** Answers by status code, of the whole load. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Connection errors and timeouts, of the whole load. */
  readonly errors: number;
  /** CPU time of the node's process, user and system, from one reading to the other: the other side's turns count too. */
  readonly nodeCpuMicros: number;
  /** 0 to 1. */
  readonly nodeEventLoopUtilisation: number;
  /**
   * How often the node's event loop went round between the readings, the other side's turns included, in which it hardly
   * does; absent in older records, and where Node does not count it.
   */
  readonly nodeEventLoopTurns?: number;
  /**
   * Redis does not tell for whom it works, and the two sides take turns too fast to ask it. The reference asks it nothing:
   * its figures are what Redis does by itself in that time, measured once while nobody asked; the contestant's, the rest.
   */
  readonly redisCpuMicros: number;
  readonly redisCommands: number;
  /** Bytes that Redis received and sent. */
  readonly redisNetworkBytes: number;
  /** Of the whole load. */
  readonly generatorCpuMicros: number;
  readonly generatorEventLoopUtilisation: number;
  /** Of the whole load: latency in microseconds: HdrHistogram V2, compressed, base64. */
  readonly latencyHistogram: string;
}

/** Two adjacent windows: the contestant, and the reference that was sent the contestant's very bytes. */
export interface PairMeasured {
  readonly type: 'PairMeasured';
  readonly at: string;
  readonly contestant: string;
  readonly round: number;
  readonly order: 'contestant-first' | 'reference-first';
  /** Which of the contestant's processes, and of those of its reference, from 1; absent: the first. */
  readonly process?: number;
  readonly contestantSample: WindowSample;
  readonly referenceSample: WindowSample;
  /** Answer bytes (head and body) of one request at each, the proof that both did the same work. */
  readonly contestantAnswerBytes: number;
  readonly referenceAnswerBytes: number;
}

export type RevocationCondition = 'idle' | 'loaded' | 'redis-paused' | 'until-expiry';

/** What one node did around one revocation. All times in milliseconds after the revoke was sent, on one clock. */
export interface RevocationObservation {
  readonly node: number;
  readonly requests: number;
  /** When the last accepted request was sent; null when none was accepted after the revoke was sent. */
  readonly lastAcceptedSentMillis: number | null;
  /** When the first request was sent after which every one was refused; null when it never refused. */
  readonly firstRefusedSentMillis: number | null;
  /** When the last accepted request that was sent after the acknowledgement was sent; null if none. */
  readonly lastAcceptedAfterAcknowledgementMillis: number | null;
  /** Longest gap between two probes sent to this node around the change: the resolution of this observation. */
  readonly probeSpacingMillis: number;
  /** Answers other than 200 and 401, by status: a 503 is a refusal that says so. */
  readonly otherStatuses: Readonly<Record<string, number>>;
}

export interface RevocationMeasured {
  readonly type: 'RevocationMeasured';
  readonly at: string;
  readonly contestant: string;
  readonly condition: RevocationCondition;
  readonly trial: number;
  /** Status of the revoke, or 0 when it had no answer. */
  readonly revokeStatus: number;
  /** From sending the revoke to its acknowledgement; null when it was not acknowledged. */
  readonly acknowledgedMillis: number | null;
  readonly observations: readonly RevocationObservation[];
  /** The bound this trial is held to, after the acknowledgement; null: remaining lifetime or none. */
  readonly boundMillis: number | null;
  /** Remaining lifetime of the credential when the revoke was sent (plus leeway), where the bound is that. */
  readonly remainingLifetimeMillis: number | null;
}

/** Bare delivery: XADD sent on one connection until a reader blocked in XREAD on another has it. */
export interface DeliveryMeasured {
  readonly type: 'DeliveryMeasured';
  readonly at: string;
  readonly condition: 'idle' | 'loaded';
  readonly deliveryMicros: readonly number[];
}

/** Something that voids or weakens what was measured; each kind has its data. */
export interface TrialVoided {
  readonly type: 'TrialVoided';
  readonly at: string;
  readonly contestant: string;
  readonly measure: 'throughput' | 'revocation' | 'size' | 'lifecycle' | 'role-change' | 'state' | 'faults' | 'chaos';
  readonly reason: string;
}

export interface RunEnded {
  readonly type: 'RunEnded';
  readonly at: string;
  readonly outcome: 'completed' | 'aborted' | 'failed';
  readonly durationMillis: number;
  /** Present when it failed: code and sentence, no stack. */
  readonly fault?: { readonly code: string; readonly message: string };
}

type AnyEvent =
  | RunStarted
  | ContestantDescribed
  | CredentialsPrepared
  | SizeMeasured
  | PairMeasured
  | RevocationMeasured
  | DeliveryMeasured
  | MistakeTried
  | MeasureEvent
  | TrialVoided
  | RunEnded;

/** In a run with a sweep, what was measured at a level says so. */
export type RunEvent = AnyEvent & { readonly level?: number };
