/** Whether a Redis still takes writes: one that does not makes every login and logout fail, and says why only when asked. */

import type { Redis } from 'ioredis';
import { AuthlabError } from '../../src/kernel/errors.ts';

const trialKey = 'authlab:takes-writes';
const trialLifetimeMillis = 1_000;

const remedies: Readonly<Record<string, string>> = {
  OOM: 'its memory is full; raise its maxmemory or remove what is in it',
  READONLY: 'it has become a replica; make it a primary again or give the address of one',
  MISCONF: 'it cannot write to its disk; free some space there',
  NOREPLICAS: 'it has fewer replicas than min-replicas-to-write demands',
  NOPERM: 'its user may not do what the lab needs; widen its ACL',
  NOAUTH: 'its password was changed',
  LOADING: 'it was restarted in the middle of the run',
};

/** One `SET` of a key that is gone a second later. Throws ERR_ENVIRONMENT_REDIS, with the remedy. */
export async function demandWrites(client: Redis, address: string): Promise<void> {
  try {
    await client.set(trialKey, '', 'PX', trialLifetimeMillis);
  } catch (cause) {
    const isReply = cause instanceof Error && cause.name === 'ReplyError';
    const word = isReply ? (/^[A-Z]+/.exec(cause.message)?.[0] ?? 'ERR') : null;
    const reason =
      word === null
        ? 'does not answer any more; see that it runs, and that nothing else stops it'
        : `refuses writes (${word}): ${remedies[word] ?? 'see its log'}`;
    throw new AuthlabError('ERR_ENVIRONMENT_REDIS', `Redis at ${address} ${reason}.`, { cause });
  }
}
