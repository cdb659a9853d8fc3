/** A client that asks every node who it is, again and again, and renews its credential when it is refused, once. */

import { setTimeout as pause } from 'node:timers/promises';
import { AuthlabError } from '../../src/kernel/errors.ts';
import { type Deferred, deferred } from '../load/deferred.ts';
import type { RoleChangeMeasured } from '../record/lifecycle-events.ts';
import type { Contestant } from '../workload/contestant.ts';
import type { Credential } from '../workload/credential.ts';
import { ExchangeConnection } from '../workload/exchange.ts';
import { SessionClient } from '../workload/session-client.ts';
import { type RolesAnswer, type RolesTold, rolesTold } from './observe-roles.ts';
import { protectedRequest } from './prober.ts';

export interface RolesClientOptions {
  readonly contestant: Contestant;
  /** Freshly logged in, known to nobody else. */
  readonly credential: Credential;
  /** From an answer of a node to the next request that it is sent. */
  readonly pauseMillis: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** The latest answers of one node that all tell the same. */
export interface RolesStreak {
  readonly told: RolesTold | null;
  readonly status: number;
  readonly length: number;
  /** When the first and the latest of them were sent. */
  readonly since: number;
  readonly latestAt: number;
}

/** Moments are monotonic milliseconds. */
export interface Renewal {
  readonly by: NonNullable<RoleChangeMeasured['renewal']>['by'];
  readonly sentAt: number;
  readonly answeredAt: number;
  readonly status: number;
}

const nothingTold: RolesStreak = { told: null, status: 0, length: 0, since: 0, latestAt: 0 };

export class RolesClient {
  /** By node, in the order in which they came. */
  readonly answers: readonly RolesAnswer[][];
  readonly #options: RolesClientOptions;
  readonly #connections: readonly ExchangeConnection[];
  readonly #streaks: RolesStreak[];
  readonly #running: Promise<unknown>;
  #credential: Credential;
  #renewing: Promise<Renewal> | null = null;
  #renewal: Renewal | null = null;
  #waiting: { readonly condition: (streak: RolesStreak) => boolean; readonly met: Deferred<boolean> } | null = null;
  #stopped = false;

  /** Begins to ask at once. */
  constructor(options: RolesClientOptions) {
    const { nodes } = options.contestant;
    this.#options = options;
    this.#credential = options.credential;
    this.#connections = nodes.map((baseUrl) => new ExchangeConnection(baseUrl));
    this.answers = nodes.map(() => []);
    this.#streaks = nodes.map(() => nothingTold);
    this.#running = Promise.all(this.#connections.map((connection, node) => this.#ask(connection, node)));
  }

  get streaks(): readonly RolesStreak[] {
    return this.#streaks;
  }

  /** What was done about the first refusal; null: nobody refused. */
  get renewal(): Renewal | null {
    return this.#renewal;
  }

  /**
   * Returns true as soon as the condition holds for the streaks of all nodes at once, false when it has not within
   * `deadlineMillis`. Throws ERR_INTERRUPTED when the signal fires. One caller at a time.
   */
  async until(condition: (streak: RolesStreak) => boolean, deadlineMillis: number): Promise<boolean> {
    const { signal } = this.#options;
    const met = deferred<boolean>();
    const timer = setTimeout(() => met.resolve(false), deadlineMillis);
    const interrupt = () => met.reject(new AuthlabError('ERR_INTERRUPTED', 'interrupted during a trial'));
    signal?.addEventListener('abort', interrupt);
    if (signal?.aborted) interrupt();
    this.#waiting = { condition, met };
    this.#test();
    try {
      return await met.promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', interrupt);
      this.#waiting = null;
    }
  }

  /** Ends the asking; after that the answers are complete. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
    await Promise.all(this.#connections.map((connection) => connection.close()));
  }

  async #ask(connection: ExchangeConnection, node: number): Promise<void> {
    const { contestant, pauseMillis, before, after } = this.#options;
    while (!this.#stopped) {
      const exchanged = await connection.ask(protectedRequest(contestant, this.#credential));
      const answer = { sentAt: exchanged.sentAt, told: rolesTold(exchanged, before, after), status: exchanged.status };
      this.answers[node]?.push(answer);
      this.#hear(node, answer);
      if (answer.told === 'refused' && this.#renewal === null) await this.#renew(connection);
      else await pause(pauseMillis);
    }
  }

  /**
   * As an application's client does: one renewal for all requests that are refused, by refresh where there is one. What
   * has been renewed is not renewed again.
   */
  async #renew(connection: ExchangeConnection): Promise<void> {
    this.#renewing ??= this.#obtain(connection);
    this.#renewal = await this.#renewing;
  }

  async #obtain(connection: ExchangeConnection): Promise<Renewal> {
    const { contestant, credential } = this.#options;
    const { refreshPath } = contestant;
    const client = new SessionClient(contestant, connection);
    const by = refreshPath === null ? 'login' : 'refresh';
    const { exchanged, credential: renewed } =
      refreshPath === null ? await client.logIn(credential.user) : await client.refresh(credential, refreshPath);
    if (renewed !== null) this.#credential = renewed;
    return { by, sentAt: exchanged.sentAt, answeredAt: exchanged.receivedAt, status: exchanged.status };
  }

  #hear(node: number, { told, status, sentAt }: RolesAnswer): void {
    const streak = this.#streaks[node] ?? nothingTold;
    this.#streaks[node] =
      streak.told === told
        ? { told, status, length: streak.length + 1, since: streak.since, latestAt: sentAt }
        : { told, status, length: 1, since: sentAt, latestAt: sentAt };
    this.#test();
  }

  #test(): void {
    const { condition, met } = this.#waiting ?? {};
    if (condition && this.#streaks.every(condition)) met?.resolve(true);
  }
}
