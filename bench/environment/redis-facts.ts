/** What kind of Redis it is, and whether authlab's promises can stand on it: the log must not be evicted. */

import type { Redis } from 'ioredis';
import { AuthlabError } from '../../src/kernel/errors.ts';
import type { RedisFacts } from '../record/run-events.ts';
import { parseInfo } from './redis-client.ts';

/** Scripts with declared flags, and `EXPIRE` options, came with Redis 7.0. */
const oldestMajor = 7;

/**
 * Reads the facts that belong into a run's record. Two round trips.
 * @throws UnfitRedis when it is too old, evicts keys, is a replica or a node of a Cluster; the message says what to change.
 */
export async function readRedisFacts(client: Redis, source: RedisFacts['source']): Promise<RedisFacts> {
  const info = parseInfo(await client.info());
  const field = (name: string) => info.get(name) ?? 'unknown';
  const server = info.get('server_name') ?? 'redis';
  const facts: RedisFacts = {
    source,
    server,
    version: info.get(`${server}_version`) ?? field('redis_version'),
    maxmemoryPolicy: field('maxmemory_policy'),
    appendonly: info.get('aof_enabled') === '1' ? 'yes' : 'no',
    appendfsync: await readAppendfsync(client),
  };
  if (!isNewEnough(field('redis_version'))) {
    refuse(
      `it is version ${facts.version}, and authlab needs ${oldestMajor}.0 or newer`,
      `Install Redis ${oldestMajor}.0 or newer there, or give the address of one.`,
    );
  }
  if (facts.maxmemoryPolicy !== 'noeviction') {
    refuse(
      `its maxmemory-policy is ${facts.maxmemoryPolicy}, which may drop revocations; set it to noeviction`,
      'CONFIG SET maxmemory-policy noeviction (and in its configuration file, for the next start)',
    );
  }
  if (info.get('role') !== 'master') {
    refuse('it is a replica; give the address of its primary', 'Give the address of its primary.');
  }
  if (info.get('redis_mode') === 'cluster') {
    refuse('it is a node of a Cluster; the lab measures with one server', 'Give the address of a Redis by itself.');
  }
  return facts;
}

/** Whether a version such as `7.0.15` will do. Text that is no version will not. */
export function isNewEnough(version: string): boolean {
  return Number.parseInt(version, 10) >= oldestMajor;
}

/** Hosted Redis often forbids CONFIG; the policy then stays unknown rather than guessed. */
async function readAppendfsync(client: Redis): Promise<string> {
  try {
    const reply: unknown = await client.config('GET', 'appendfsync');
    return Array.isArray(reply) && typeof reply[1] === 'string' ? reply[1] : 'unknown';
  } catch {
    return 'unknown';
  }
}

/** A Redis that answers, and on which nothing can stand. */
export class UnfitRedis extends AuthlabError {
  /** What makes it fit, alone: the message says it in passing. */
  readonly remedy: string;

  constructor(why: string, remedy: string) {
    super('ERR_ENVIRONMENT_REDIS', `this Redis will not do: ${why}`);
    this.remedy = remedy;
  }
}

function refuse(why: string, remedy: string): never {
  throw new UnfitRedis(why, remedy);
}
