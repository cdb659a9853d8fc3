/** `hybrid`: a signed access token, checked against the revocations that this node has followed from the log. */

import { partitionOf } from '../domain/session-id.ts';
import type { AccessTokenClaims } from '../tokens/claims.ts';
import type { SignedFamily } from './family.ts';
import { createSelfContained, type Standing } from './self-contained.ts';

export const hybrid: SignedFamily = {
  signed: true,
  traits: {
    family: 'hybrid',
    transport: 'bearer',
    stateLocation: 'token and node memory',
    redisCommandsPerCheck: 0,
    revocation: 'followed',
    bound: 'staleness-limit',
    logoutRefuses: 'its-own',
    rolesChange: 'at-the-next-refresh',
    refresh: true,
    withoutRedis: 'refuses after the staleness limit',
    failsByDesign: [],
  },
  create(variant, dependencies) {
    const { revocations } = dependencies;
    /**
     * Synchronous, as the last thing before the handler: a process that was paused must not answer from the past. A
     * node that may have missed a revocation says so, also where it happens to know the answer.
     */
    function standingOf({ sid }: AccessTokenClaims): Standing {
      if (!revocations.isFresh(partitionOf(sid))) return 'unknown';
      return revocations.isRevoked(sid) ? 'revoked' : 'live';
    }
    /** Keys come and go in the realm's partition, whose freshness is part of that of any other. */
    const mayMissKeys = (): boolean => !revocations.isFresh(0);
    return createSelfContained({ ...variant, dependencies, standingOf, mayMissKeys });
  },
};
