/** Login limits that all nodes of a realm share, on connections to Redis of their own. */

import { Cluster, type ClusterOptions, Redis } from 'ioredis';
import type { Config } from '../config.ts';
import { KeyNames } from '../eventlog/key-names.ts';
import { parseRedisAddress, type RedisAddress } from '../eventlog/redis-address.ts';
import { redisOptions } from '../eventlog/redis-connection.ts';
import { createLoginLimits, type LoginLimits, noLoginLimits } from '../identity/login-limits.ts';
import { loginAudit, type RecordFailedLogin } from './login-audit.ts';

export interface ConnectedLoginLimits {
  readonly limits: LoginLimits;
  /** On the same connections. Nothing in the lab. */
  readonly audit: RecordFailedLogin;
  close(): void;
}

type LimitConfig = Pick<
  Config,
  'redisUrl' | 'realm' | 'redisTimeoutMillis' | 'loginFailuresPerUserAndAddress' | 'loginFailuresPerAddress' | 'lab'
>;

/** None in the lab. Elsewhere a Redis that is away or slow costs a login two short waits, and the node counts for itself. */
export function connectLoginLimits(config: LimitConfig): ConnectedLoginLimits {
  if (config.lab) return { limits: noLoginLimits, audit: () => undefined, close: () => undefined };
  const { redisUrl, redisTimeoutMillis, loginFailuresPerUserAndAddress, loginFailuresPerAddress } = config;
  const address = parseRedisAddress(redisUrl);
  if (!address.ok) throw new TypeError('the configuration has been checked');
  const client = connect(address.value, redisTimeoutMillis);
  // What fails is counted by the node itself; without a listener ioredis prints it as well.
  client.on('error', () => undefined);
  const keys = new KeyNames(config.realm);
  const limits = createLoginLimits({
    failuresPerUserAndAddress: loginFailuresPerUserAndAddress,
    failuresPerAddress: loginFailuresPerAddress,
    store: { client, keyPrefix: keys.loginFailures() },
  });
  return { limits, audit: loginAudit(client, keys.failedLogins()), close: () => client.disconnect() };
}

/** How often a client looks who owns the slots, in milliseconds: nobody tells it that a master which hangs is replaced. */
const slotsRefreshMillis = 2_000;
const reconnectMillis = 250;

/**
 * ioredis's own ways to a primary, which sometimes send a command twice or to one that has been replaced. For the log
 * that would not do; a guess that is counted twice, or by this node alone, does no harm.
 */
function connect(address: RedisAddress, timeoutMillis: number): Redis | Cluster {
  const commandTimeoutMillis = Math.ceil(timeoutMillis / 10);
  const options = {
    ...redisOptions({ connectionName: 'authlab-login-limits', commandTimeoutMillis }),
    connectTimeout: timeoutMillis,
  };
  if (address.kind === 'single') return new Redis(address.url, options);
  const { username, password, tls } = address;
  const login = { ...(username !== undefined && { username }), ...(password !== undefined && { password }) };
  if (address.kind === 'cluster') {
    const { retryStrategy: _, enableOfflineQueue, ...ofEachNode } = options;
    return new Cluster([...address.seeds], {
      ...clusterOptions,
      ...(enableOfflineQueue !== undefined && { enableOfflineQueue }),
      slotsRefreshTimeout: timeoutMillis,
      redisOptions: { ...ofEachNode, ...login, ...(tls && { tls: {} }) },
    });
  }
  const { sentinelUsername, sentinelPassword, sentinels, name, db } = address;
  return new Redis({
    ...options,
    ...login,
    sentinels: [...sentinels],
    name,
    db,
    ...(sentinelUsername !== undefined && { sentinelUsername }),
    ...(sentinelPassword !== undefined && { sentinelPassword }),
    ...(tls && { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true }),
    sentinelCommandTimeout: timeoutMillis,
    sentinelRetryStrategy: () => reconnectMillis,
    // Leaves a server that hangs: the Sentinels may have replaced it. (ioredis's failover detector would do as well, but
    // prints every failure to reach one of them.)
    socketTimeout: 2 * commandTimeoutMillis,
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
}

const clusterOptions: ClusterOptions = {
  clusterRetryStrategy: () => reconnectMillis,
  slotsRefreshInterval: slotsRefreshMillis,
  // A login waits for it.
  maxRedirections: 2,
  retryDelayOnFailover: 20,
  retryDelayOnClusterDown: 20,
  retryDelayOnTryAgain: 20,
  // Certificates are for names.
  dnsLookup: (host, found) => found(null, host),
};
