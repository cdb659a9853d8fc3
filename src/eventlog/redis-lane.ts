/** The connections for one purpose: one to each primary, found by partition, followed when it moves. */

import { AuthlabError, isAuthlabError } from '../kernel/errors.ts';
import type { Partition } from './port.ts';
import { hostOf } from './redis-address.ts';
import type { AttemptOptions, RedisCalls, RedisCommand, Unanswered } from './redis-calls.ts';
import { isTimeout, logFault, type Redirection, redirection, replyWord } from './redis-faults.ts';
import type { RedisServer } from './redis-server.ts';
import type { RedisTopology } from './redis-topology.ts';

/** How long what passes by itself is given to pass, in milliseconds. */
const pauseMillis = 20;

/** After these the primary is perhaps another. */
const doubtful = new Set(['MOVED', 'ASK', 'READONLY', 'CLUSTERDOWN', 'MASTERDOWN', 'LOADING', 'UNBLOCKED']);

/** How a call goes on after it was certainly not executed. */
interface NextAttempt extends AttemptOptions {
  /** Null: to the partition's primary. */
  readonly server: RedisServer | null;
}

type KeyPair = readonly [string, string];
type ValuePair = readonly [string | null, string | null];

interface RunOptions<Reply> {
  readonly unanswered: Unanswered;
  /** By `performance.now()`: no attempt begins after it, but the first. */
  readonly deadline: number;
  /** What to do instead while the slot is half-way to another server; absent: it is waited for, or asked there. */
  readonly whileHalfWay?: () => Promise<Reply>;
}

const firstAttempt: NextAttempt = { server: null, byText: false, asking: false };

export class RedisLane {
  readonly #topology: RedisTopology;
  readonly #timeoutMillis: number;
  readonly #open: (server: RedisServer) => RedisCalls;
  readonly #byAddress = new Map<string, RedisCalls>();
  readonly #byPartition = new Map<Partition, RedisCalls>();
  readonly #stopListening: () => void;
  #closed = false;

  constructor(topology: RedisTopology, timeoutMillis: number, open: (server: RedisServer) => RedisCalls) {
    this.#topology = topology;
    this.#timeoutMillis = timeoutMillis;
    this.#open = open;
    this.#stopListening = topology.onChange(() => this.#leaveFormerPrimaries());
    // Those who call first should not have to wait for it.
    for (const server of topology.primaries()) this.#to(server);
  }

  /** Looks up one key: no promise more than it needs while the connection is ready. Throws ERR_LOG_UNAVAILABLE. */
  get(partition: Partition, key: string): Promise<string | null> {
    const calls = this.#byPartition.get(partition);
    const redis = calls?.connection.readyNow() ?? null;
    if (calls === undefined || redis === null) return this.run(partition, 'ERR_LOG_UNAVAILABLE', getCommand(key));
    calls.connection.holdWrites();
    return redis.get(key).catch((error: unknown) => {
      // A look-up may be asked again whatever has become of the first.
      if (redirection(error) !== null) return this.run(partition, 'ERR_LOG_UNAVAILABLE', getCommand(key));
      throw this.#failed(error, 'ERR_LOG_UNAVAILABLE', calls);
    });
  }

  /**
   * Runs a command on the primary of the partition. It is repeated only where a server said that it did not execute it,
   * and no new attempt begins after the deadline of one command: all ends within two.
   *
   * @throws ERR_LOG_UNAVAILABLE not executed, or `unanswered` told so; ERR_LOG_OUTCOME_UNKNOWN where `unanswered` told
   *   so; ERR_LOG_REFUSED and ERR_LOG_CORRUPT as `logFault` says
   */
  run<Reply>(partition: Partition, unanswered: Unanswered, command: RedisCommand<Reply>): Promise<Reply> {
    return this.#run(partition, command, { unanswered, deadline: this.#deadline() });
  }

  /**
   * Looks up two keys in one round trip. While their slot is on its way to another server, each may be on another side,
   * and the server of the one takes the other for missing: then each is asked for by itself, one after the other. All
   * ends as `run` does. Throws ERR_LOG_UNAVAILABLE.
   */
  pair(partition: Partition, keys: KeyPair): Promise<ValuePair> {
    const options = { unanswered: 'ERR_LOG_UNAVAILABLE', deadline: this.#deadline() } as const;
    const whileHalfWay = () => this.#oneByOne(partition, keys, options);
    return this.#run<ValuePair>(partition, pairCommand(keys), { ...options, whileHalfWay });
  }

  async #oneByOne(partition: Partition, [first, last]: KeyPair, options: RunOptions<never>): Promise<ValuePair> {
    const value = await this.#run(partition, getCommand(first), options);
    if (performance.now() >= options.deadline) {
      throw new AuthlabError('ERR_LOG_UNAVAILABLE', `${this.#topology.address} is moving what was asked for`);
    }
    return [value, await this.#run(partition, getCommand(last), options)];
  }

  #deadline(): number {
    return performance.now() + this.#timeoutMillis;
  }

  async #run<Reply>(partition: Partition, command: RedisCommand<Reply>, options: RunOptions<Reply>): Promise<Reply> {
    const { unanswered, deadline, whileHalfWay } = options;
    let attempt = firstAttempt;
    for (;;) {
      const calls = this.#callsFor(partition, attempt) ?? (await this.#find(partition));
      try {
        return await calls.call(command, attempt, unanswered);
      } catch (error) {
        if (whileHalfWay !== undefined && isHalfWay(error)) return await whileHalfWay();
        const next = performance.now() < deadline ? await this.#afterwards(error, attempt, calls) : null;
        if (next === null) throw this.#failed(error, unanswered, calls);
        attempt = next;
      }
    }
  }

  close(): void {
    this.#closed = true;
    this.#stopListening();
    for (const { connection } of this.#byAddress.values()) connection.close();
    this.#byPartition.clear();
  }

  /** What a failed command means, and what is to be done about its connection. */
  #failed(error: unknown, unanswered: Unanswered, calls: RedisCalls): AuthlabError {
    const word = replyWord(error);
    const isLost = word === null && !isAuthlabError(error, 'ERR_LOG_CORRUPT', 'ERR_LOG_REFUSED');
    if (isTimeout(error)) calls.connection.drop();
    if (isLost || doubtful.has(word ?? '')) void this.#topology.refresh();
    const { address } = calls.connection;
    if (word !== 'READONLY' || !this.#topology.moves) return logFault(error, address, unanswered);
    calls.connection.drop();
    return new AuthlabError('ERR_LOG_UNAVAILABLE', `Redis at ${address} is no longer the primary`);
  }

  #callsFor(partition: Partition, { server }: NextAttempt): RedisCalls | null {
    if (this.#closed) throw new AuthlabError('ERR_LOG_UNAVAILABLE', 'the log is closed');
    if (server !== null) return this.#to(server);
    const known = this.#byPartition.get(partition);
    if (known !== undefined) return known;
    const primary = this.#topology.primaryOf(partition);
    if (primary === null) return null;
    const calls = this.#to(primary);
    this.#byPartition.set(partition, calls);
    return calls;
  }

  async #find(partition: Partition): Promise<RedisCalls> {
    await this.#topology.refresh();
    const calls = this.#callsFor(partition, firstAttempt);
    if (calls !== null) return calls;
    throw new AuthlabError('ERR_LOG_UNAVAILABLE', `nobody at ${this.#topology.address} names a primary`);
  }

  /** How to go on, or null when the failure is to be told. */
  async #afterwards(error: unknown, attempt: NextAttempt, { connection }: RedisCalls): Promise<NextAttempt | null> {
    const word = replyWord(error);
    if (word === 'NOSCRIPT' && !attempt.byText) return { ...attempt, byText: true };
    if (!this.#topology.moves) return null;
    const redirected = redirection(error);
    if (redirected !== null) return await this.#redirected(redirected, attempt, connection.address);
    if (word === 'TRYAGAIN') {
      await pause();
      return { ...firstAttempt, byText: attempt.byText };
    }
    if (word !== 'READONLY') return null;
    connection.drop();
    await this.#topology.refresh();
    await pause();
    return { ...firstAttempt, byText: attempt.byText };
  }

  async #redirected(to: Redirection, attempt: NextAttempt, from: string): Promise<NextAttempt> {
    if (!to.asking) void this.#topology.refresh();
    // Two servers that send us to each other have not heard of each other's news yet.
    if (attempt.server !== null) await pause();
    const server = this.#topology.serverAt(to.host === '' ? { host: hostOf(from), port: to.port } : to);
    return { server, byText: attempt.byText, asking: to.asking };
  }

  #to(server: RedisServer): RedisCalls {
    const known = this.#byAddress.get(server.address);
    if (known !== undefined) return known;
    const opened = this.#open(server);
    this.#byAddress.set(server.address, opened);
    return opened;
  }

  /** What is under way on them fails with them: whoever was the primary must not answer as if it still were. */
  #leaveFormerPrimaries(): void {
    this.#byPartition.clear();
    const primaries = new Set(this.#topology.primaries().map(({ address }) => address));
    for (const [address, { connection }] of this.#byAddress) {
      if (primaries.has(address)) continue;
      connection.close();
      this.#byAddress.delete(address);
    }
    for (const server of this.#topology.primaries()) this.#to(server);
  }
}

/** Of a slot: some of its keys are here, and some there. */
function isHalfWay(error: unknown): boolean {
  return replyWord(error) === 'TRYAGAIN' || redirection(error)?.asking === true;
}

function getCommand(key: string): RedisCommand<string | null> {
  return ({ next }) => next().get(key);
}

function pairCommand(keys: KeyPair): RedisCommand<ValuePair> {
  return ({ next }) => next().mget(...keys) as Promise<[string | null, string | null]>;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, pauseMillis));
}
