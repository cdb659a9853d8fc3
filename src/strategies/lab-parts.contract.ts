/** What a strategy of the lab gets in place of parts that it has no business with. */

import type { RecordCache } from '../eventlog/port.ts';
import type { RevocationView } from '../projections/followed/revocation-view.ts';

export type Records = Pick<RecordCache, 'read'>;

/** For families that have no business with a near cache. */
export const neverRead: Records = {
  read: () => {
    throw new Error('asked the near cache');
  },
};

/** For families that have no business with followed revocations. */
export const neverAsked: RevocationView = {
  isRevoked: () => {
    throw new Error('asked for followed revocations');
  },
  birthOf: () => {
    throw new Error('asked for the birth of a log');
  },
  isFresh: () => {
    throw new Error('asked for freshness');
  },
};
