/** Lua scripts as Redis runs them: by digest, and by text where the server does not know the digest yet. */

import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { replyWord } from './redis-faults.ts';

export interface LoadedScript {
  readonly text: string;
  readonly sha1: string;
}

export function loadedScript(text: string): LoadedScript {
  return { text, sha1: createHash('sha1').update(text).digest('hex') };
}

/** By digest; by text where the server does not know it, which says that nothing was executed. */
export async function runScript<Reply>(
  redis: Redis,
  script: LoadedScript,
  keys: readonly string[],
  args: readonly string[],
): Promise<Reply> {
  try {
    return (await redis.evalsha(script.sha1, keys.length, ...keys, ...args)) as Reply;
  } catch (error) {
    if (replyWord(error) !== 'NOSCRIPT') throw error;
    return (await redis.eval(script.text, keys.length, ...keys, ...args)) as Reply;
  }
}
