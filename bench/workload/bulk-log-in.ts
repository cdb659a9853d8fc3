/** Credentials that the product's own code has issued by the thousand, read as a client would read the answers to its logins. */

import { type Clock, systemClock } from '../../src/kernel/clock.ts';
import { AuthlabError } from '../../src/kernel/errors.ts';
import type { SessionFill } from '../environment/environment.ts';
import type { Contestant } from './contestant.ts';
import { credentialFrom } from './credential.ts';
import type { LoggedIn, LogInOptions } from './log-in.ts';

export interface BulkLogInOptions extends Pick<LogInOptions, 'firstUser' | 'signal' | 'onProgress' | 'clock'> {
  /** The credential of every so many-th user is kept, the first included; of none for 0. All unless told. */
  readonly kept?: number;
}

/** About as many in one call: between two of them an interruption is noticed. */
const callSize = 5_000;

/** Begins a session for each of `count` users. Throws ERR_PART_CRASHED, and ERR_INTERRUPTED when `signal` fires. */
export async function bulkLogIn(
  fill: SessionFill,
  contestant: Contestant,
  count: number,
  { firstUser = 0, kept = 1, clock = systemClock, ...options }: BulkLogInOptions = {},
): Promise<readonly LoggedIn[]> {
  const found: LoggedIn[] = [];
  await inCalls(count, Math.max(1, kept), options, async (from, size) => {
    for (const { user, ...answer } of await fill.begin(firstUser + from, size, kept)) {
      found.push(readAnswer(contestant, user, answer, clock));
    }
  });
  return found;
}

/** Ends the sessions of these users that the same process has begun. Throws as `bulkLogIn`. */
export function bulkLogOut(
  fill: SessionFill,
  count: number,
  { firstUser = 0, ...options }: Omit<BulkLogInOptions, 'kept' | 'clock'> = {},
): Promise<void> {
  return inCalls(count, 1, options, (from, size) => fill.end(firstUser + from, size));
}

async function inCalls(
  count: number,
  step: number,
  { signal, onProgress }: Pick<LogInOptions, 'signal' | 'onProgress'>,
  call: (from: number, size: number) => Promise<void>,
): Promise<void> {
  // Whole steps, so that those who are kept lie as far apart across two calls.
  const perCall = Math.ceil(callSize / step) * step;
  for (let from = 0; from < count; from += perCall) {
    if (signal?.aborted) throw new AuthlabError('ERR_INTERRUPTED', 'interrupted while a realm was filled');
    const size = Math.min(perCall, count - from);
    await call(from, size);
    onProgress?.(from + size);
  }
}

function readAnswer(contestant: Contestant, user: string, answer: LoggedIn['answer'], clock: Clock): LoggedIn {
  const result = credentialFrom(contestant, user, answer, clock);
  if (result.ok) return { credential: result.credential, answer };
  throw new AuthlabError('ERR_PART_CRASHED', `a session of ${contestant.name} came with ${result.reason}`);
}
