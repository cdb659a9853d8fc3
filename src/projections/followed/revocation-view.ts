/** What a strategy may ask about revocations that this node follows. */

import type { Birth } from '../../eventlog/port.ts';
import type { KnownSessionId } from './session-id-words.ts';

/** What a strategy asks on every request. Every answer is a look-up in the node's memory. */
export interface RevocationView {
  /** Whether the session is known to be revoked. Means something only while its partition is fresh. */
  isRevoked(session: string | KnownSessionId): boolean;
  /** Of the log that the node follows in a partition; null while it follows none. */
  birthOf(partition: number): Birth | null;
  /**
   * Whether the user's partition and the realm's are fresh at this moment; where not, the answer is 503.
   * @param wallMillis wall time as it was read in this very step, with nothing awaited since; absent: it is read
   */
  isFresh(partition: number, wallMillis?: number): boolean;
}
