/** What `hybrid` and `hybrid-strict` ask on every request: the revocations that this node has followed from the log. */

import { partitionOf } from '../domain/session-id.ts';
import type { RevocationView } from '../projections/followed/revocation-view.ts';
import type { AccessTokenClaims } from '../tokens/claims.ts';
import type { Standing } from './self-contained.ts';

export interface FollowedStanding {
  standingOf(claims: AccessTokenClaims): Standing;
  mayMissKeys(): boolean;
}

export function followedStanding(revocations: RevocationView): FollowedStanding {
  return {
    /**
     * Synchronous, as the last thing before the handler: a process that was paused must not answer from the past. A
     * node that may have missed a revocation says so, also where it happens to know the answer.
     */
    standingOf({ sid, birth }) {
      const partition = partitionOf(sid);
      if (!revocations.isFresh(partition)) return 'unknown';
      if (revocations.isRevoked(sid)) return 'revoked';
      const followed = revocations.birthOf(partition);
      if (birth === followed) return 'live';
      // Of a log that has come back empty since, and knows no more what was revoked; or of one that this node has yet to
      // hear of.
      return birth !== undefined && followed !== null && birth > followed ? 'unknown' : 'revoked';
    },
    /** Keys come and go in the realm's partition, whose freshness is part of that of any other. */
    mayMissKeys: () => !revocations.isFresh(0),
  };
}
