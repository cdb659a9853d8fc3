/** Calls on one connection: each by itself, or together, followed by the question how many replicas have them. */

import type { Redis } from 'ioredis';
import { AuthlabError } from '../kernel/errors.ts';
import type { RedisConnection } from './redis-connection.ts';
import { isTimeout } from './redis-faults.ts';
import { confirmReplication } from './replication.ts';

/** What it means when a command was sent and no answer came. */
export type Unanswered = 'ERR_LOG_UNAVAILABLE' | 'ERR_LOG_OUTCOME_UNKNOWN';

/** Sends all that it has to send before it returns, so that nothing comes in between. */
export type RedisCommand<Reply> = (attempt: Attempt) => Promise<Reply>;

export interface Attempt {
  /** The client for one command, which is sent at once. */
  next(): Redis;
  /** Scripts go by their text: their digest was not known. */
  readonly byText: boolean;
  /** `host:port` of the server that will answer. */
  readonly address: string;
}

/** What an attempt is made of besides its client. */
export interface AttemptOptions {
  readonly byText: boolean;
  /** The slot is on its way to this server, and each command has to say that we know. */
  readonly asking: boolean;
}

export interface RedisCalls {
  readonly connection: RedisConnection;
  /** Rejects with what ioredis threw, or with an AuthlabError when nobody knows whether the replicas have it. */
  call<Reply>(command: RedisCommand<Reply>, options: AttemptOptions, unanswered: Unanswered): Promise<Reply>;
}

/** Each by itself; those of one turn of the event loop in one write. */
export class SingleCalls implements RedisCalls {
  readonly connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.connection = connection;
  }

  async call<Reply>(command: RedisCommand<Reply>, options: AttemptOptions): Promise<Reply> {
    const redis = await this.connection.ready();
    this.connection.holdWrites();
    return await command(attemptOn(redis, this.connection.address, options));
  }
}

interface WaitingCall {
  send(redis: Redis): Promise<unknown>;
  readonly unanswered: Unanswered;
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * All calls of one turn of the event loop go out together. With replicas, `WAIT` follows them on the same connection, and
 * a call counts only when enough replicas have confirmed it; what comes while a `WAIT` is under way goes out together
 * after it: a slow replica costs a batch one wait, not every call one.
 */
export class BatchedCalls implements RedisCalls {
  readonly connection: RedisConnection;
  readonly #replicas: number;
  readonly #waitMillis: number;
  #waiting: WaitingCall[] = [];
  #isScheduled = false;

  /** @param waitMillis how long Redis waits for its replicas: well below the deadline of the connection's commands */
  constructor(connection: RedisConnection, replicas: number, waitMillis: number) {
    this.connection = connection;
    this.#replicas = replicas;
    this.#waitMillis = waitMillis;
  }

  async call<Reply>(command: RedisCommand<Reply>, options: AttemptOptions, unanswered: Unanswered): Promise<Reply> {
    await this.connection.ready();
    return await new Promise<Reply>((resolve, reject) => {
      this.#waiting.push({
        send: (redis) => command(attemptOn(redis, this.connection.address, options)),
        unanswered,
        resolve: resolve as (reply: unknown) => void,
        reject,
      });
      this.#schedule();
    });
  }

  /** After all who were about to call at this moment have called. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    process.nextTick(() => void this.#sendAll());
  }

  async #sendAll(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    await this.#send(batch);
    this.#isScheduled = false;
    if (this.#waiting.length > 0) this.#schedule();
  }

  /** Returns when the next batch may go. */
  async #send(batch: readonly WaitingCall[]): Promise<void> {
    const redis = this.connection.readyNow();
    if (redis === null) {
      const error = new AuthlabError('ERR_LOG_UNAVAILABLE', `no connection to Redis at ${this.connection.address}`);
      for (const { reject } of batch) reject(error);
      return;
    }
    // One write to the socket instead of one for each command.
    redis.stream.cork();
    const replies = batch.map((call) => call.send(redis));
    const confirmed = this.#replicas > 0 ? redis.wait(this.#replicas, this.#waitMillis) : null;
    redis.stream.uncork();
    if (confirmed === null) {
      for (const [index, { resolve, reject }] of batch.entries()) replies[index]?.then(resolve, reject);
      return;
    }
    // Whatever went wrong with the question, the calls before it may have been executed: no answer is no number.
    const number = confirmed.catch((error: unknown) => {
      if (isTimeout(error)) this.connection.drop();
      return null;
    });
    for (const [index, call] of batch.entries()) {
      replies[index]?.then(async (reply) => this.#settle(call, reply, await number), call.reject);
    }
    await number;
  }

  #settle({ unanswered, resolve, reject }: WaitingCall, reply: unknown, confirmed: number | null): void {
    try {
      if (confirmed === null) {
        throw new AuthlabError(
          unanswered,
          `Redis at ${this.connection.address} did not say who else has what was written`,
        );
      }
      confirmReplication(confirmed, this.#replicas, unanswered);
      resolve(reply);
    } catch (error) {
      reject(error);
    }
  }
}

function attemptOn(redis: Redis, address: string, { byText, asking }: AttemptOptions): Attempt {
  return {
    byText,
    address,
    next() {
      // Sent right before the command: it holds for the next one only.
      if (asking) redis.asking().catch(() => undefined);
      return redis;
    },
  };
}
