/** What is recorded of the state that sessions and revocations leave. */

export interface StateMeasured {
  readonly type: 'StateMeasured';
  readonly at: string;
  readonly contestant: string;
  /** That were begun by as many users, and then ended. */
  readonly sessions: number;
  /** All that Redis had allocated: before, with the sessions, and after their end. */
  readonly redisBytes: { readonly before: number; readonly begun: number; readonly ended: number };
  /** Entries of the realm's streams after the end of the sessions, and what these occupy. */
  readonly events: { readonly entries: number; readonly bytes: number };
  /** Of fresh nodes, in pairs: what their process keeps alive, and how long each took from its start to being ready. */
  readonly nodes: {
    readonly before: readonly NodeStart[];
    readonly ended: readonly NodeStart[];
  };
}

export interface NodeStart {
  readonly liveBytes: number;
  readonly readyMillis: number;
}
