/** What `hybrid` and `hybrid-strict` ask on every request: the revocations that this node has followed from the log. */

import { partitionOf } from '../domain/session-id.ts';
import type { Birth } from '../eventlog/port.ts';
import type { RevocationView } from '../projections/followed/revocation-view.ts';
import { KnownSessionId } from '../projections/followed/session-id-words.ts';
import type { StandingSource } from './self-contained.ts';

/** What is asked after, worked out of the claims once: a token that is remembered is not read again. */
export interface FollowedSession {
  readonly partition: number;
  readonly id: KnownSessionId;
  readonly birth: Birth | undefined;
}

export interface FollowedStanding {
  readonly standing: StandingSource<FollowedSession>;
  mayMissKeys(): boolean;
}

export function followedStanding(revocations: RevocationView): FollowedStanding {
  return {
    standing: {
      askedOf: ({ sid, birth }) => ({ partition: partitionOf(sid), id: new KnownSessionId(sid), birth }),
      /**
       * Synchronous, as the last thing before the handler: a process that was paused must not answer from the past. A
       * node that may have missed a revocation says so, also where it happens to know the answer.
       */
      standingOf({ partition, id, birth }, wallMillis) {
        if (!revocations.isFresh(partition, wallMillis)) return 'unknown';
        if (revocations.isRevoked(id)) return 'revoked';
        const followed = revocations.birthOf(partition);
        if (birth === followed) return 'live';
        // Of a log that has come back empty since, and knows no more what was revoked; or of one that this node has yet
        // to hear of.
        return birth !== undefined && followed !== null && birth > followed ? 'unknown' : 'revoked';
      },
    },
    /** Keys come and go in the realm's partition, whose freshness is part of that of any other. */
    mayMissKeys: () => !revocations.isFresh(0),
  };
}
