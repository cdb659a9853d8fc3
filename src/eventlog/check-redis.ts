/** Looks whether a Redis, or every primary of several, may serve as the log, before anything depends on it. */

import type { Redis } from 'ioredis';
import { AuthlabError } from '../kernel/errors.ts';
import { parseRedisAddress, type RedisAddress } from './redis-address.ts';
import { replyWord } from './redis-faults.ts';
import { type Persistence, type PrimaryFacts, refuseUnfit, weakest } from './redis-fitness.ts';
import { askOnce, type FoundPrimary, findPrimaries } from './redis-primaries.ts';

/** What was found; also what a run records about its Redis. Of several primaries the weakest value of each. */
export interface RedisCheck {
  readonly topology: RedisAddress['kind'];
  /** One, or a Cluster's masters. */
  readonly primaries: number;
  /** Connected to the primary that has fewest. */
  readonly replicas: number;
  /** `min-replicas-to-write`: with fewer the primary itself refuses to write. Null where the server does not let us ask. */
  readonly minReplicasToWrite: number | null;
  readonly version: string;
  readonly server: 'redis' | 'valkey';
  readonly maxmemoryPolicy: string;
  /** `yes` or `no`. */
  readonly appendonly: string;
  /** `always`, `everysec`, `no`, or `unknown` where the server does not let us ask. */
  readonly appendfsync: string;
}

export interface RedisDemands {
  /** How many replicas must confirm each write. Absent: none. */
  readonly replicas?: number;
  /** The least that the append-only file must promise. Absent: anything. */
  readonly persistence?: Persistence;
}

/** Sentinels or seeds are asked first, in half of the time at most. */
const deadlineMillis = 2_000;
const searchDeadlineMillis = 900;

/**
 * Answers within 2 seconds, on connections of its own.
 *
 * @throws ERR_ENVIRONMENT_REDIS nobody answers there, or a failover is under way. ERR_LOG_REFUSED it answers and must
 *   not be used: older than 7.0 (no script flags), evicting (a revocation could vanish), a replica (it may not know the
 *   latest), less durable than demanded, a kind of server that the URL does not say, slots that nobody serves, or it
 *   does not let us in. The message says what to do and never holds the password.
 */
export async function checkRedis(url: string, demands: RedisDemands = {}): Promise<RedisCheck> {
  const address = parseRedisAddress(url);
  if (!address.ok) throw new AuthlabError('ERR_INPUT_INVALID', `the URL of Redis ${address.message}`);
  const began = performance.now();
  const found = await findPrimaries(address.value, searchDeadlineMillis);
  const leftMillis = deadlineMillis - (performance.now() - began);
  const primaries = await Promise.all(found.map((primary) => factsOf(primary, leftMillis)));
  for (const facts of primaries) {
    refuseUnfit(facts, { topology: address.value.kind, replicas: 0, persistence: 'any', ...demands });
  }
  return { topology: address.value.kind, primaries: primaries.length, ...weakest(primaries) };
}

function factsOf({ server, knownReplicas }: FoundPrimary, millis: number): Promise<PrimaryFacts> {
  return askOnce(server, millis, async (redis) => {
    const info = infoFields(await redis.info());
    const isValkey = info.has('valkey_version');
    const replicas = [...info].filter(([name, state]) => /^slave\d+$/.test(name) && /state=online/.test(state)).length;
    const { appendfsync, minReplicasToWrite } = await settingsOf(redis);
    return {
      address: server.address,
      role: info.get('role') ?? 'unknown',
      mode: info.get('redis_mode') ?? info.get('server_mode') ?? 'standalone',
      version: info.get('valkey_version') ?? info.get('redis_version') ?? '0',
      server: isValkey ? 'valkey' : 'redis',
      maxmemoryPolicy: info.get('maxmemory_policy') ?? 'unknown',
      appendonly: info.get('aof_enabled') === '1' ? 'yes' : 'no',
      appendfsync,
      replicas,
      // Those that stand beside it and are away count too: they may come back, and take over.
      dataNodes: 1 + Math.max(knownReplicas, Number(info.get('connected_slaves') ?? 0)),
      minReplicasToWrite,
    };
  });
}

/** Managed servers forbid CONFIG; that alone is no reason to refuse them. */
async function settingsOf(redis: Redis): Promise<Pick<PrimaryFacts, 'appendfsync' | 'minReplicasToWrite'>> {
  try {
    const reply = (await redis.config('GET', 'appendfsync', 'min-replicas-to-write')) as string[];
    const value = (name: string) => (reply.includes(name) ? reply[reply.indexOf(name) + 1] : undefined);
    const least = value('min-replicas-to-write');
    return {
      appendfsync: value('appendfsync') ?? 'unknown',
      minReplicasToWrite: least === undefined ? null : Number(least),
    };
  } catch (error) {
    if (replyWord(error) === null) throw error;
    return { appendfsync: 'unknown', minReplicasToWrite: null };
  }
}

function infoFields(info: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of info.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return fields;
}
