/** What is recorded of a random history: every request with its answer, and every fault; who was right is judged later. */

import type {
  ChaosFaultName,
  ChaosFaultTime,
  ChaosOperation,
  ChaosOperationKind,
  ChaosTopology,
} from '../scenario/schema.ts';

export type { ChaosFaultName, ChaosFaultTime, ChaosOperation, ChaosOperationKind, ChaosTopology };

/** Names of the security checklist for what must hold in every history. */
export type Invariant = `I${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16}`;

/** One history, whole. Moments in milliseconds since it began, on the one clock of whoever asked. */
export interface ChaosPerformed {
  readonly type: 'ChaosPerformed';
  readonly at: string;
  readonly seed: number;
  readonly topology: ChaosTopology;
  /** How many of them must confirm each write. */
  readonly replicas: number;
  readonly nodes: number;
  readonly stalenessLimitMillis: number;
  readonly accessTokenLifetimeMillis: number;
  /** Of a request that a node is to answer: its calls to Redis are limited, and so is the wait of a strict logout. */
  readonly deadlineMillis: number;
  /** How long a repeated refresh counts as a repetition. */
  readonly refreshGraceMillis: number;
  readonly contestants: readonly ChaosContestant[];
  readonly faults: readonly ChaosFault[];
  /** When nodes were stopped. */
  readonly standstills: readonly { readonly node: number; readonly fromMillis: number; readonly toMillis: number }[];
  /** When a request that asks nobody was answered late: so much the machine itself may add. */
  readonly delays: readonly { readonly node: number; readonly fromMillis: number; readonly toMillis: number }[];
  /** When every node let newcomers in after the last fault; null: that was given up. */
  readonly settledMillis: number | null;
  /** When the last word on every credential was asked for. */
  readonly finalMillis: number;
  /** In the order of their sending. */
  readonly exchanges: readonly ChaosExchange[];
}

/** As much of a contestant's traits as the invariants go by. */
export interface ChaosContestant {
  readonly name: string;
  /** B; null where it is the remaining lifetime. */
  readonly boundMillis: number | null;
  /** Every check asks Redis. */
  readonly looksUp: boolean;
  /** Redis keeps a record without which the credential is worth nothing. */
  readonly hasRecord: boolean;
  /** Revocations reach the nodes by the log that they follow. */
  readonly follows: boolean;
  /** The credential is a token that a key of the realm signs. */
  readonly isSigned: boolean;
  readonly refreshes: boolean;
  /** The end of one session refuses the access tokens of the user's others. */
  readonly endsAllTokens: boolean;
  readonly rolesChange: 'at-once' | 'within-the-staleness-limit' | 'at-once-by-refresh' | 'later';
}

export interface ChaosFault {
  readonly fault: ChaosFaultName;
  readonly title: string;
  /** Null: it befalls what everybody asks. */
  readonly node: number | null;
  readonly fromMillis: number;
  /** When its cause had been taken away. */
  readonly toMillis: number;
  /** A primary is replaced: look-ups at the former one, which does not know it yet, are not promised to be right. */
  readonly deposes: boolean;
}

export interface ChaosExchange {
  /** `last-word`: the protected resource, asked for when all is over. */
  readonly kind: ChaosOperationKind | 'last-word';
  readonly contestant: number;
  readonly user: number;
  readonly session: number;
  /** Which credential of the session was shown: 0 is the login's, each refresh brings the next. */
  readonly generation: number;
  readonly node: number;
  readonly sentMillis: number;
  readonly answeredMillis: number;
  /** 0: there was no answer. */
  readonly status: number;
  /** What a login or refresh brought. */
  readonly gained?: {
    readonly generation: number;
    /** Names the refresh token without telling it: two that are the same have the same number. */
    readonly refreshToken: number;
    /** The number of the key that signed the access token, in the order in which they were first seen; null: none did. */
    readonly key: number | null;
  };
  /** Of `roles`: the number of the change; of a `probe`: the change whose roles the answer told, 0 for the first roles. */
  readonly roles?: number;
}
