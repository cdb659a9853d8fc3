/** What a follower is built from. */

import type { EventLog } from '../../eventlog/port.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { RandomBytes } from '../../kernel/random.ts';
import type { SigningKeysKeeper } from './followed-signing-keys.ts';
import type { FollowerDiagnostic } from './follower-status.ts';

/** Which partitions a node follows: the keys' alone, or with them those of all users, for their revocations. */
export type Following = 'realm' | 'everything';

export interface FollowerOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  /** H: how often each partition's beat is sent. */
  readonly beatIntervalMillis: number;
  /** S: how old knowledge may be; the strategy's published bound. */
  readonly stalenessLimitMillis: number;
  readonly following: Following;
  readonly random: RandomBytes;
  /** For how long a token that is issued now can be accepted: its lifetime, leeway and skew. */
  readonly tokenAcceptedMillis: number;
  /** Under which the node stands among the partitions' members; absent where no strategy waits for nodes. */
  readonly nodeId?: string;
  /** Who keeps the signing keys; absent where they do not come from the log. */
  readonly signingKeys?: SigningKeysKeeper;
  /** Told what an operator should know. What it throws is lost: the follower goes on. */
  readonly onEvent?: (diagnostic: FollowerDiagnostic) => void;
}
