/** Asks several servers the same question: whenever somebody has reason to, and once a second in any case. */

import type { Redis } from 'ioredis';
import { RedisConnection } from './redis-connection.ts';
import type { RedisServer } from './redis-server.ts';

export interface InquiryOptions<Answer> {
  /** Whom to ask now. */
  targets(): readonly RedisServer[];
  ask(redis: Redis, server: RedisServer): Promise<Answer>;
  /** With every answer of the round so far; `isComplete`: nobody who was asked is missing. */
  heard(answers: readonly Answer[], isComplete: boolean): void;
  readonly commandTimeoutMillis: number;
}

const intervalMillis = 1_000;

/** However many calls fail, rounds begin no faster than this. */
const shortestRoundMillis = 50;

/** A round does not wait for the last: one server that hangs must not hide what the others know. */
export class Inquiry<Answer> {
  readonly #options: InquiryOptions<Answer>;
  readonly #connections = new Map<string, { readonly server: RedisServer; readonly connection: RedisConnection }>();
  readonly #timer: ReturnType<typeof setInterval>;
  #round: Promise<void> | null = null;
  #rounds = 0;
  #began = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(options: InquiryOptions<Answer>) {
    this.#options = options;
    this.#timer = setInterval(() => void this.refresh(), intervalMillis);
    this.#timer.unref();
  }

  /** Resolves when most have answered, or nobody is left to. Never rejects. */
  refresh(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#round ??= this.#askAll().finally(() => {
      this.#round = null;
    });
    return this.#round;
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    for (const { connection } of this.#connections.values()) connection.close();
    this.#connections.clear();
  }

  async #askAll(): Promise<void> {
    const early = this.#began + shortestRoundMillis - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    if (this.#closed) return;
    this.#began = performance.now();
    this.#rounds += 1;
    const round = this.#rounds;
    const asked = this.#connect();
    const majority = Math.floor(asked.length / 2) + 1;
    const answers: Answer[] = [];
    await new Promise<void>((resolve) => {
      let open = asked.length;
      if (open === 0) resolve();
      for (const { server, connection } of asked) {
        void this.#askOne(server, connection).then((answer) => {
          open -= 1;
          // A late answer belongs to its own round only: a later one may know better.
          if (answer !== null && round === this.#rounds && !this.#closed) {
            answers.push(answer);
            this.#options.heard(answers, answers.length === asked.length);
          }
          if (open === 0 || answers.length >= majority) resolve();
        });
      }
    });
  }

  async #askOne(server: RedisServer, connection: RedisConnection): Promise<Answer | null> {
    try {
      return await this.#options.ask(await connection.ready(), server);
    } catch {
      connection.drop();
      return null;
    }
  }

  #connect(): readonly { readonly server: RedisServer; readonly connection: RedisConnection }[] {
    const { commandTimeoutMillis } = this.#options;
    const targets = new Map(this.#options.targets().map((server) => [server.address, server]));
    for (const [address, { connection }] of this.#connections) {
      if (targets.has(address)) continue;
      connection.close();
      this.#connections.delete(address);
    }
    for (const [address, server] of targets) {
      if (this.#connections.has(address)) continue;
      const connection = new RedisConnection(server, { connectionName: 'authlab-topology', commandTimeoutMillis });
      this.#connections.set(address, { server, connection });
    }
    return [...this.#connections.values()];
  }
}
