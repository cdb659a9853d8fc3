/** The lifetimes of a configuration, as the domain counts them. */

import type { Config } from '../config.ts';
import type { LifetimePolicy } from '../domain/policy.ts';

export type Lifetimes = Pick<
  Config,
  | 'accessTokenLifetimeSeconds'
  | 'inactivityTimeoutSeconds'
  | 'absoluteLifetimeSeconds'
  | 'leewaySeconds'
  | 'clockSkewSeconds'
  | 'refreshGraceSeconds'
  | 'maximumSessionsPerUser'
>;

export function policyOf(lifetimes: Lifetimes): LifetimePolicy {
  return {
    accessTokenMillis: lifetimes.accessTokenLifetimeSeconds * 1_000,
    inactivityMillis: lifetimes.inactivityTimeoutSeconds * 1_000,
    absoluteMillis: lifetimes.absoluteLifetimeSeconds * 1_000,
    leewayMillis: lifetimes.leewaySeconds * 1_000,
    skewMillis: lifetimes.clockSkewSeconds * 1_000,
    refreshGraceMillis: lifetimes.refreshGraceSeconds * 1_000,
    maximumSessions: lifetimes.maximumSessionsPerUser,
  };
}
