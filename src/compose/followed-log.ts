/** What a server follows of the log, and what it says of itself while it has not caught up. */

import { policyOf } from '../config/policy.ts';
import type { Config } from '../config.ts';
import { isFollowed } from '../domain/events.ts';
import { acceptableUntil } from '../domain/policy.ts';
import type { EventLog } from '../eventlog/port.ts';
import { systemClock } from '../kernel/clock.ts';
import { systemRandomBytes } from '../kernel/random.ts';
import type { SigningKeysKeeper } from '../projections/followed/followed-signing-keys.ts';
import { LogFollower } from '../projections/followed/follower.ts';
import type { FollowerDiagnostic } from '../projections/followed/follower-status.ts';
import { newNodeId } from '../projections/followed/node-membership.ts';
import type { RevocationView } from '../projections/followed/revocation-view.ts';
import { traitsOf } from '../strategies/registry.ts';

/**
 * Null where no strategy asks: it would cost beats that nobody needs. The keys stand in the realm's partition alone;
 * those of all users are followed only for strategies whose revocations come that way.
 */
export function followerFor(
  config: Config,
  log: EventLog,
  signingKeys: SigningKeysKeeper | null,
  onEvent: (diagnostic: FollowerDiagnostic) => void,
): LogFollower | null {
  const asksRevocations = config.strategies.some((name) => isFollowed(traitsOf(name).revocation));
  const waitsForNodes = config.strategies.some((name) => traitsOf(name).revocation === 'followed-strict');
  if (!asksRevocations && signingKeys === null) return null;
  const { beatIntervalMillis, stalenessLimitMillis } = config;
  const policy = policyOf(config);
  return new LogFollower({
    log,
    clock: systemClock,
    beatIntervalMillis,
    stalenessLimitMillis,
    random: systemRandomBytes,
    tokenAcceptedMillis: acceptableUntil(policy, policy.accessTokenMillis),
    following: asksRevocations ? 'everything' : 'realm',
    ...(waitsForNodes ? { nodeId: newNodeId(systemRandomBytes) } : {}),
    ...(signingKeys === null ? {} : { signingKeys }),
    onEvent,
  });
}

/** Stands where no strategy asks; one that asked all the same would answer 503. */
export const knowsNothing: RevocationView = {
  isRevoked: () => false,
  birthOf: () => null,
  isFresh: () => false,
};

/** Why a server is not ready, as far as what it follows is concerned. */
export function reasonsOf(follower: LogFollower): readonly string[] {
  if (!follower.ready) return ['log-catching-up'];
  const stale = follower.status().partitions.filter(({ fresh }) => !fresh);
  const reasons = stale.map(({ partition }) => (partition === 'realm' ? 'signing-keys-stale' : 'revocations-stale'));
  return [...new Set(reasons)];
}
