/**
 * Failed logins, in a stream of their own beside the log: whoever guesses passwords can fill neither the log that every
 * node follows nor a disk, and an operator can still read afterwards who was guessed at, and from where.
 */

import type { Redis } from 'ioredis';
import { sha256 } from '../kernel/digest.ts';

export interface FailedLogin {
  /** As login limits count it. */
  readonly network: string;
  readonly username: string;
}

/** Returns at once. What Redis does not take is lost: no login waits for its audit. */
export type RecordFailedLogin = (failed: FailedLogin) => void;

/** Redis drops the oldest in blocks: a few more may stand there. */
const keptFailures = 10_000;

/**
 * Entries hold the network, and of the name its SHA-256 in base64url: people type passwords into the wrong field, while
 * whoever asks after a user knows the name.
 */
export function loginAudit(client: Pick<Redis, 'xadd'>, key: string): RecordFailedLogin {
  return ({ network, username }) => {
    client
      .xadd(key, 'MAXLEN', '~', keptFailures, '*', 'network', network, 'user', sha256(username))
      .catch(() => undefined);
  };
}
