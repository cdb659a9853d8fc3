/** What is recorded of the life of sessions: what their steps took and cost, and how long stale roles were told. */

export type LifecycleOperation = 'login' | 'refresh' | 'logout';

/** Differences of counters between two readings; what the readings themselves cost is still among them. */
export interface Spending {
  /** By the node's own clock. */
  readonly durationMillis: number;
  /** CPU time of the node's process, user and system. */
  readonly nodeCpuMicros: number;
  readonly redisCpuMicros: number;
  /** Those that a script calls count as well. */
  readonly redisCommands: number;
  /** Messages from clients that it read; several that come together may be one. */
  readonly redisReads: number;
  /** Bytes that Redis received and sent. */
  readonly redisNetworkBytes: number;
}

/** One turn of one operation: as many of them as there are durations, one after the other. */
export interface LifecycleMeasured {
  readonly type: 'LifecycleMeasured';
  readonly at: string;
  readonly contestant: string;
  readonly operation: LifecycleOperation;
  /** From 1. */
  readonly turn: number;
  /** From writing the request until its answer has been read, as the client sees it; all were answered as they must. */
  readonly durationsMicros: readonly number[];
  readonly spent: Spending;
  /** The same counters over the stretch after it, about as long, in which nothing was asked. */
  readonly resting: Spending;
}

/** What one node told around one change of roles. Moments in milliseconds after the change was sent, on one clock. */
export interface RoleChangeObservation {
  readonly node: number;
  readonly requests: number;
  /** When the last request was sent that was answered with the old roles; null: none since the change was sent. */
  readonly lastOldSentMillis: number | null;
  /** When the first request was sent that was answered with 401; null: none. */
  readonly firstRefusedSentMillis: number | null;
  /** When the first request was sent after which every one was answered with the new roles; null: it never came to that. */
  readonly firstNewSentMillis: number | null;
  /** Longest gap between two requests to this node around the first with the new roles: the resolution. */
  readonly probeSpacingMillis: number;
  /** Answers that are neither a profile nor 401, by status. */
  readonly otherStatuses: Readonly<Record<string, number>>;
}

export interface RoleChangeMeasured {
  readonly type: 'RoleChangeMeasured';
  readonly at: string;
  readonly contestant: string;
  readonly trial: number;
  /** Status of the administrator's request, or 0 when it had no answer. */
  readonly changeStatus: number;
  /** From sending the change to its acknowledgement; null when it was not acknowledged. */
  readonly acknowledgedMillis: number | null;
  readonly observations: readonly RoleChangeObservation[];
  /** What the client did when it was refused; null: it never was. */
  readonly renewal: {
    readonly by: 'refresh' | 'login';
    readonly sentMillis: number;
    readonly answeredMillis: number;
    readonly status: number;
  } | null;
  /**
   * What was left of the credential's lifetime, leeway included, when the change was sent, counted from when the login was
   * sent: it may have ended a little later, or, since times in tokens are whole seconds, up to a second earlier. Null
   * where it was minutes.
   */
  readonly remainingLifetimeMillis: number | null;
}
