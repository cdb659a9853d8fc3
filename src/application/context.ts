/** What every command needs: the log, time, randomness, and how long to try. */

import type { LifetimePolicy } from '../domain/policy.ts';
import type { EventLog } from '../eventlog/port.ts';
import type { Clock } from '../kernel/clock.ts';
import type { RandomBytes } from '../kernel/random.ts';
import type { Acknowledgement } from './acknowledgement.ts';

export interface CommandContext {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly policy: LifetimePolicy;
  /** For how long a command may retry (contention, unknown outcomes) before it gives up with a fault. */
  readonly deadlineMillis: number;
  /** Absent: what has been appended counts. */
  readonly acknowledgement?: Acknowledgement;
}

/** When a session and its present access token end. */
export interface SessionTimes {
  readonly atMillis: number;
  readonly sessionExpiresAtMillis: number;
  readonly accessTokenExpiresAtMillis: number;
}
