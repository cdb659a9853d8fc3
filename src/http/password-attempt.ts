/** A password is judged: within the limits, and so that only a right one that led somewhere counts as none. */

import type Koa from 'koa';
import type { LoginLimits } from '../identity/login-limits.ts';
import { sourceNetwork } from '../identity/source-network.ts';
import { answerProblem } from './problems.ts';

/**
 * Runs `judge`, which answers whether the password was right and of use. Counts the attempt before, so that many at once
 * are limited like one after the other; answers 429 in its place when there have been too many. An attempt that met a
 * fault has judged nothing and does not count.
 */
export async function withinLimits(
  limits: LoginLimits,
  context: Koa.Context,
  username: string,
  judge: () => Promise<boolean>,
): Promise<void> {
  const attempt = await limits.begin(sourceOf(context), username);
  if (!attempt.ok) {
    context.set('Retry-After', String(attempt.retryAfterSeconds));
    answerProblem(context, 'too-many-attempts');
    return;
  }
  let succeeded: boolean;
  try {
    succeeded = await judge();
  } catch (error) {
    await attempt.withdraw();
    throw error;
  }
  if (succeeded) await attempt.succeed();
  else attempt.fail();
}

/** Where the request comes from: the peer, or what a trusted proxy says of its own peer. Words that are no address say nothing. */
function sourceOf(context: Koa.Context): string {
  const peer: string | undefined = context.socket.remoteAddress;
  return sourceNetwork(context.ip) ?? sourceNetwork(peer ?? '') ?? 'unknown';
}
