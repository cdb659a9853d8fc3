/** Who watches a running server: its operator's log and its counters, told by what happens and not by each part. */

import { shownFacts } from '../application/log-entries.ts';
import type { Config } from '../config.ts';
import { type LogEvent, sessionsEndedBy } from '../domain/events.ts';
import type { EventLog } from '../eventlog/port.ts';
import { createServerMetrics, type FollowerReading, type ServerMetrics } from '../http/metrics.ts';
import type { LoginLimits } from '../identity/login-limits.ts';
import type { Clock } from '../kernel/clock.ts';
import type { FollowerDiagnostic } from '../projections/followed/follower-status.ts';
import type { RecordFailedLogin } from './login-audit.ts';
import { watchLog } from './watched-log.ts';

/** Something about security that an operator should see: an event by its type, `LoginFailed` or `LoginLimited`. No member is a credential. */
export interface SecurityNotice {
  readonly event: string;
  readonly [member: string]: unknown;
}

export interface Observation {
  /** Null where nobody counts. */
  readonly metrics: ServerMetrics | null;
  watchedLog(log: EventLog): EventLog;
  /** @param audit told of every failure, while the operator hears of them summed up */
  watchedLimits(limits: LoginLimits, audit: RecordFailedLogin): LoginLimits;
  /** Passes on what a follower tells of itself. */
  readonly diagnostic: (diagnostic: FollowerDiagnostic) => void;
}

/** Where it is told. */
export interface Operator {
  security(notice: SecurityNotice): void;
  diagnostic(diagnostic: FollowerDiagnostic): void;
}

/** Events that tell of an attack, or of somebody with power over others' sessions. Logins and logouts are the log's own. */
const noticed: ReadonlySet<string> = new Set<LogEvent['type']>([
  'RefreshTokenReuseDetected',
  'PasswordChanged',
  'UserDisabled',
  'UserEnabled',
  'UserRolesChanged',
  'RevocationsRestored',
  'SigningKeyAdded',
  'SigningKeyActivated',
  'SigningKeyRetired',
]);

/** Whoever guesses passwords must not be able to fill a disk. */
const guessNoticeMillis = 1_000;

export function observe(
  config: Pick<Config, 'metrics'>,
  clock: Clock,
  operator: Operator,
  follower: () => FollowerReading | null,
): Observation {
  const metrics = config.metrics ? createServerMetrics(follower) : null;
  const failed = metrics === null ? {} : { failed: metrics.logFailed };

  function appended(events: readonly LogEvent[]): void {
    for (const event of events) {
      if (isNoticed(event)) operator.security({ event: event.type, ...shownFacts(event) });
      if (metrics === null || !('sub' in event)) continue;
      const reason = 'reason' in event ? event.reason : '';
      for (const { revocation } of sessionsEndedBy(event)) metrics.revoked(revocation, reason);
    }
  }

  /** Told at most once a second, with how many there have been since. */
  function summedUp(event: 'LoginFailed' | 'LoginLimited'): (network: string) => void {
    let unnoticed = 0;
    let quietUntilMillis = Number.NEGATIVE_INFINITY;
    return function notice(network) {
      unnoticed += 1;
      const now = clock.monotonicMillis();
      if (now < quietUntilMillis) return;
      operator.security({ event, network, attempts: unnoticed });
      unnoticed = 0;
      quietUntilMillis = now + guessNoticeMillis;
    };
  }
  const [failedLogin, limited] = [summedUp('LoginFailed'), summedUp('LoginLimited')];

  return {
    metrics,
    watchedLog: (log) => watchLog(log, { appended, ...failed }),
    watchedLimits: (limits, audit) => ({
      async begin(network, username) {
        const attempt = await limits.begin(network, username);
        if (!attempt.ok) {
          limited(network);
          return attempt;
        }
        return {
          ...attempt,
          fail() {
            attempt.fail();
            failedLogin(network);
            audit({ network, username });
          },
        };
      },
    }),
    diagnostic(diagnostic) {
      if (diagnostic.type === 'rebuild-started') metrics?.rebuilt(diagnostic.cause);
      operator.diagnostic(diagnostic);
    },
  };
}

function isNoticed(event: LogEvent): boolean {
  if (event.type === 'AllSessionsTerminated') return event.reason === 'ended-by-admin';
  return noticed.has(event.type);
}
