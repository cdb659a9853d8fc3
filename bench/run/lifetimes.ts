/** For how long credentials live on a run's nodes: beyond the run, or for seconds where their end is waited for. */

import type { Traits } from '../../src/strategies/strategy.ts';
import type { NodeRequest } from '../environment/environment.ts';

/**
 * What a server allows at most. Whoever is under load for a quarter of an hour must not be refused in the end, as with the
 * usual access token.
 */
export const lastingSeconds = 86_400;

/** Added to `exp` by every verifier of the short-lived nodes, so that the leeway is part of what is measured. */
export const shortLeewaySeconds = 1;

/** A session's end is what a cookie that carries the roles waits for; an access token's, what its refresh waits for. */
export function lifetimesOf(rolesChange: Traits['rolesChange'], seconds: number): Partial<NodeRequest> {
  const leewaySeconds = shortLeewaySeconds;
  if (rolesChange === 'at-the-next-refresh') return { accessTokenLifetimeSeconds: seconds, leewaySeconds };
  return rolesChange === 'at-the-next-login' ? { sessionLifetimeSeconds: seconds, leewaySeconds } : {};
}
