/** Login limits that all nodes of a realm share, on a connection to Redis of their own. */

import { Redis } from 'ioredis';
import type { Config } from '../config.ts';
import { KeyNames } from '../eventlog/key-names.ts';
import { redisOptions } from '../eventlog/redis-connection.ts';
import { createLoginLimits, type LoginLimits, noLoginLimits } from '../identity/login-limits.ts';

export interface ConnectedLoginLimits {
  readonly limits: LoginLimits;
  close(): void;
}

type LimitConfig = Pick<
  Config,
  'redisUrl' | 'realm' | 'redisTimeoutMillis' | 'loginFailuresPerUserAndAddress' | 'loginFailuresPerAddress' | 'lab'
>;

/** None in the lab. Elsewhere a Redis that is away or slow costs a login two short waits, and the node counts for itself. */
export function connectLoginLimits(config: LimitConfig): ConnectedLoginLimits {
  if (config.lab) return { limits: noLoginLimits, close: () => undefined };
  const { redisUrl: url, redisTimeoutMillis, loginFailuresPerUserAndAddress, loginFailuresPerAddress } = config;
  const client = new Redis(url, {
    ...redisOptions({
      url,
      connectionName: 'authlab-login-limits',
      commandTimeoutMillis: Math.ceil(redisTimeoutMillis / 10),
    }),
    connectTimeout: redisTimeoutMillis,
  });
  // What fails is counted by the node itself; without a listener ioredis prints it as well.
  client.on('error', () => undefined);
  const limits = createLoginLimits({
    failuresPerUserAndAddress: loginFailuresPerUserAndAddress,
    failuresPerAddress: loginFailuresPerAddress,
    store: { client, keyPrefix: new KeyNames(config.realm).loginFailures() },
  });
  return { limits, close: () => client.disconnect() };
}
