/** Finds a Redis for the run: the one that was named, one started here, one in a container, or one clear error. */

import { AuthlabError } from '../../src/kernel/errors.ts';
import type { RedisFacts } from '../record/run-events.ts';
import type { ChildHandle, LabRedis } from './environment.ts';
import { type PrivateRedisOptions, startPrivateRedis } from './private-redis.ts';
import { findProgram } from './programs.ts';
import { connectRedis, redisAddress } from './redis-client.ts';
import { startRedisContainer } from './redis-container.ts';
import { readRedisFacts } from './redis-facts.ts';

export interface RedisSearch extends PrivateRedisOptions {
  /** The one to use, and no other, with where it was named (`flag --redis-url`). */
  readonly given?: { readonly url: string; readonly place: string } | undefined;
  readonly onNote: (text: string) => void;
}

/**
 * Returns a Redis that answers and is fit for the log.
 * @throws ERR_INPUT_INVALID the given URL is none; ERR_ENVIRONMENT_REDIS there is no Redis, or it will not do.
 */
export async function openRedis(search: RedisSearch): Promise<LabRedis> {
  if (search.given !== undefined) return openGiven(search.given);
  const started = await startPrivateRedis(search);
  if ('url' in started) return describe(started.url, 'binary', started.child);
  const container = await startRedisContainer(search);
  if ('url' in container) return describe(container.url, 'docker', null);
  const reasons = [...started.reasons, container.reason].join(', ');
  throw new AuthlabError(
    'ERR_ENVIRONMENT_REDIS',
    `no Redis for the lab (${reasons}): install one with "npm run setup"${await packageCommand(search.searchPath)}, or name one with --redis-url`,
  );
}

async function openGiven({ url, place }: NonNullable<RedisSearch['given']>): Promise<LabRedis> {
  try {
    redisAddress(url);
  } catch {
    // What Redis spends is read from one server's counters, and faults are injected into one.
    const message = /^rediss?\+/.test(url)
      ? 'must be one server, redis://host:port: the lab measures neither behind Sentinels nor on a Cluster'
      : 'must look like redis://host:port (or rediss:// for TLS)';
    throw new AuthlabError('ERR_INPUT_INVALID', 'the address of Redis is wrong', { faults: [{ place, message }] });
  }
  return describe(url, 'url', null);
}

async function describe(url: string, source: RedisFacts['source'], child: ChildHandle | null): Promise<LabRedis> {
  const client = await connectRedis(url);
  try {
    return { url, facts: await readRedisFacts(client, source), child };
  } finally {
    client.disconnect();
  }
}

/** What `npm run setup` would run here, for whoever prefers to do it by hand. */
async function packageCommand(searchPath: string | undefined): Promise<string> {
  const commands = [
    ['apt-get', 'apt-get install redis-server'],
    ['dnf', 'dnf install valkey'],
    ['apk', 'apk add redis'],
    ['pacman', 'pacman -S valkey'],
    ['brew', 'brew install redis'],
  ] as const;
  for (const [program, command] of commands) {
    if ((await findProgram(program, searchPath)) !== null) return ` (or "${command}")`;
  }
  return '';
}
