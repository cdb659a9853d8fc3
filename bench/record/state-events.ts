/** What is recorded of the state that sessions and revocations leave. */

import type { WindowSample } from './run-events.ts';

export interface StateMeasured {
  readonly type: 'StateMeasured';
  readonly at: string;
  readonly contestant: string;
  /** That were begun by as many users. */
  readonly sessions: number;
  /** All that Redis kept: before, with the sessions, and after their end; null where they were not ended. */
  readonly redisBytes: { readonly before: number; readonly begun: number; readonly ended: number | null };
  /** Entries of the realm's streams after that, and what these occupy. */
  readonly events: { readonly entries: number; readonly bytes: number };
  /** Of fresh nodes, in pairs: in a realm without the sessions, and in that with them, as they are by then. */
  readonly nodes: Halves<readonly NodeStart[]>;
  /** Of the index from which a node learns of revocations: how many there are, and how long a client takes to read them. */
  readonly bareReading: { readonly records: number; readonly millis: readonly number[] };
  /** What the same check costs in both realms, one for each pair of nodes; none unless asked for. */
  readonly checks: readonly StateCheck[];
}

/** Of two realms that are alike but for the sessions. */
export interface Halves<Value> {
  readonly without: Value;
  readonly with: Value;
}

export type Half = keyof Halves<unknown>;

export interface StateCheck {
  /** Windows of both nodes at once. What they say of Redis is of both together. */
  readonly node: Halves<WindowSample>;
  /** Windows of each node alone; null where no check asks Redis. */
  readonly redis: Halves<RedisWindow> | null;
}

export interface RedisWindow {
  readonly requests: number;
  readonly cpuMicros: number;
}

export interface NodeStart {
  /** What the process keeps alive. */
  readonly liveBytes: number;
  /** From its start to being ready. */
  readonly readyMillis: number;
  /** By how much its event loop came late at most until then. */
  readonly longestPauseMillis: number;
}
