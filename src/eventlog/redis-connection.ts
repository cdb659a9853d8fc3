/** One connection to Redis that never waits longer than it was told, never queues while away, and never sends twice. */

import type { Redis } from 'ioredis';
import { AuthlabError } from '../kernel/errors.ts';
import type { ClientOptions, RedisServer } from './redis-server.ts';
import { TurnWrites } from './turn-writes.ts';

export interface RedisConnectionOptions {
  /** Shown by `CLIENT LIST`. */
  readonly connectionName: string;
  readonly commandTimeoutMillis: number;
}

const longestReconnectDelayMillis = 250;

/**
 * ioredis keeps commands for a connection that is gone, sends them again on the next, and hangs for a minute on a server
 * that stopped. Here a command that was not written fails at once, one that was written fails with its connection or its
 * deadline, and neither is ever repeated: only the caller knows the operation id.
 */
export function redisOptions(options: RedisConnectionOptions): ClientOptions {
  return {
    connectionName: options.connectionName,
    disableClientInfo: true,
    replyMapping: 'legacy',
    connectTimeout: options.commandTimeoutMillis,
    commandTimeout: options.commandTimeoutMillis,
    // How long a dropped connection may wait for the other side to agree, which a stopped server never does.
    disconnectTimeout: 50,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // With 0 the commands in flight fail when their connection closes; ioredis would otherwise leave them unsettled.
    maxRetriesPerRequest: 0,
    maxLoadingRetryTime: longestReconnectDelayMillis,
    retryStrategy: (attempt) => Math.min(25 * attempt, longestReconnectDelayMillis),
  };
}

export class RedisConnection {
  readonly address: string;
  readonly #redis: Redis;
  readonly #commandTimeoutMillis: number;
  readonly #writes: TurnWrites;
  #firstAttempt: Promise<void> | null;

  constructor(server: RedisServer, options: RedisConnectionOptions) {
    this.address = server.address;
    this.#commandTimeoutMillis = options.commandTimeoutMillis;
    this.#redis = server.open(redisOptions(options));
    this.#writes = new TurnWrites(this.#redis);
    // Every failure reaches the caller of a command; without a listener ioredis prints it as well.
    this.#redis.on('error', () => undefined);
    this.#firstAttempt = firstAttempt(this.#redis).then(() => {
      this.#firstAttempt = null;
    });
  }

  /** The client when it can send now, else null. The hot path asks this and saves a promise. */
  readyNow(): Redis | null {
    return this.#redis.status === 'ready' ? this.#redis : null;
  }

  /**
   * The client, ready to send. Waits for the first attempt to connect, and for nothing later: who asks while the
   * connection is lost is told so at once. Throws ERR_LOG_UNAVAILABLE.
   */
  async ready(): Promise<Redis> {
    if (this.#redis.status !== 'ready' && this.#firstAttempt !== null) {
      await withDeadline(this.#firstAttempt, this.#commandTimeoutMillis);
    }
    if (this.#redis.status !== 'ready') {
      throw new AuthlabError('ERR_LOG_UNAVAILABLE', `no connection to Redis at ${this.address}`);
    }
    return this.#redis;
  }

  /** What is sent from now on goes out when this turn of the event loop ends, in one write. */
  holdWrites(): void {
    this.#writes.hold();
  }

  /**
   * Gives up a connection on which a command outlived its deadline, so that what is written to a server that reads
   * nothing does not pile up. Reconnects in the background.
   */
  drop(): void {
    if (this.#redis.status === 'ready') this.#redis.disconnect(true);
  }

  close(): void {
    this.#redis.disconnect();
  }
}

/** Settles when the first attempt has come to anything. Never rejects. */
function firstAttempt(redis: Redis): Promise<void> {
  return new Promise((resolve) => {
    redis.once('ready', () => resolve());
    redis.once('close', () => resolve());
    redis.once('end', () => resolve());
  });
}

/** Resolves with the promise or after `millis`, whichever is first; the caller looks at what has come of it. */
export async function withDeadline(promise: Promise<unknown>, millis: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, millis);
  });
  await Promise.race([promise, deadline]).finally(() => clearTimeout(timer));
}
