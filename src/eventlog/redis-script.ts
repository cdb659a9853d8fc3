/** Lua scripts as Redis runs them: by digest, and by text where the server does not know the digest yet. */

import { createHash } from 'node:crypto';
import type { RedisCommand } from './redis-calls.ts';

export interface LoadedScript {
  readonly text: string;
  readonly sha1: string;
}

export function loadedScript(text: string): LoadedScript {
  return { text, sha1: createHash('sha1').update(text).digest('hex') };
}

/** By digest first. A server that does not know it says so, and that nothing was executed. */
export function scriptCommand<Reply>(
  script: LoadedScript,
  keys: readonly string[],
  args: readonly string[],
): RedisCommand<Reply> {
  return ({ next, byText }) =>
    (byText
      ? next().eval(script.text, keys.length, ...keys, ...args)
      : next().evalsha(script.sha1, keys.length, ...keys, ...args)) as Promise<Reply>;
}
