/** Looks whether a Redis may serve as the log, before anything depends on it. */

import { Redis } from 'ioredis';
import { AuthlabError } from '../kernel/errors.ts';
import { redisOptions, withDeadline } from './redis-connection.ts';
import { logFault, redisAddress, replyWord } from './redis-faults.ts';

/** What was found; also what a run records about its Redis. */
export interface RedisCheck {
  readonly version: string;
  readonly server: 'redis' | 'valkey';
  readonly maxmemoryPolicy: string;
  /** `yes` or `no`. */
  readonly appendonly: string;
  /** `always`, `everysec`, `no`, or `unknown` where the server does not let us ask. */
  readonly appendfsync: string;
}

const deadlineMillis = 2_000;

/**
 * Answers within 2 seconds, on a connection of its own.
 *
 * @throws ERR_ENVIRONMENT_REDIS nobody answers there. ERR_LOG_REFUSED it answers and must not be used: older than 7.0
 *   (no script flags), evicting (a revocation could vanish), a replica (it may not know the latest), or it does not let
 *   us in. The message says what to do and never holds the password.
 */
export async function checkRedis(url: string): Promise<RedisCheck> {
  const address = redisAddress(url);
  const connection = { url, connectionName: 'authlab-check', commandTimeoutMillis: deadlineMillis };
  const redis = new Redis(url, { ...redisOptions(connection), lazyConnect: true, retryStrategy: null });
  let failure: unknown = null;
  let check: RedisCheck | null = null;
  redis.on('error', (error) => {
    failure ??= error;
  });
  const asked = ask(redis, address).then(
    (found) => {
      check = found;
    },
    (error: unknown) => {
      failure ??= error;
    },
  );
  await withDeadline(asked, deadlineMillis);
  redis.disconnect();
  if (check !== null) return check;
  if (failure instanceof AuthlabError) throw failure;
  if (replyWord(failure) !== null) throw logFault(failure, address, 'ERR_LOG_UNAVAILABLE');
  throw new AuthlabError('ERR_ENVIRONMENT_REDIS', `no Redis answers at ${address}; start it, or correct the URL`);
}

async function ask(redis: Redis, address: string): Promise<RedisCheck> {
  await redis.connect();
  const info = infoFields(await redis.info());
  const isValkey = info.has('valkey_version');
  const check: RedisCheck = {
    version: info.get('valkey_version') ?? info.get('redis_version') ?? '0',
    server: isValkey ? 'valkey' : 'redis',
    maxmemoryPolicy: info.get('maxmemory_policy') ?? 'unknown',
    appendonly: info.get('aof_enabled') === '1' ? 'yes' : 'no',
    appendfsync: await appendfsync(redis),
  };
  refuseUnfit(check, info.get('role'), address);
  return check;
}

function refuseUnfit(check: RedisCheck, role: string | undefined, address: string): void {
  if (Number.parseInt(check.version, 10) < 7) {
    throw new AuthlabError(
      'ERR_LOG_REFUSED',
      `Redis at ${address} is ${check.version}; authlab needs 7.0 or later ("npm run setup" installs one)`,
    );
  }
  if (check.maxmemoryPolicy !== 'noeviction') {
    throw new AuthlabError(
      'ERR_LOG_REFUSED',
      `Redis at ${address} evicts (maxmemory-policy ${check.maxmemoryPolicy}) and could forget a revocation; ` +
        'run "CONFIG SET maxmemory-policy noeviction" there',
    );
  }
  if (role === 'slave') {
    throw new AuthlabError('ERR_LOG_REFUSED', `Redis at ${address} is a replica; give the address of its primary`);
  }
}

/** Managed servers forbid CONFIG; that alone is no reason to refuse them. */
async function appendfsync(redis: Redis): Promise<string> {
  try {
    const [, value] = (await redis.config('GET', 'appendfsync')) as string[];
    return value ?? 'unknown';
  } catch (error) {
    if (replyWord(error) === null) throw error;
    return 'unknown';
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
