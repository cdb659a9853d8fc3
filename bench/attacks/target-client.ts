/** The attacker's HTTP client: one kept connection to one node, every answer whole, every wait with a deadline. */

import { setTimeout as wait } from 'node:timers/promises';
import { Client, type Dispatcher, Pool } from 'undici';
import type { Clock } from '../../src/kernel/clock.ts';
import { AuthlabError } from '../../src/kernel/errors.ts';
import type { Answer, AttackRequest } from './attack.ts';

const answerDeadlineMillis = 30_000;
/** Between two requests that wait for a change: fine enough to measure a window of some milliseconds. */
const pauseMillis = 2;
/** A connection that has been idle for longer is not used again: the server may be closing it under the request. */
const idleMillis = 1_000;

export interface TargetClientOptions {
  readonly clock: Clock;
  /** As a proxy would tell it, unless a request says so itself; a server that trusts no proxy does not look at it. */
  readonly source: string;
  readonly signal?: AbortSignal | undefined;
}

export class TargetClient {
  readonly #baseUrl: string;
  #client: Client;
  #usedAtMillis: number;
  readonly #options: TargetClientOptions;

  constructor(baseUrl: string, options: TargetClientOptions) {
    this.#baseUrl = baseUrl;
    this.#client = new Client(baseUrl, deadlines);
    this.#options = options;
    this.#usedAtMillis = options.clock.monotonicMillis();
  }

  /** Throws ERR_PART_CRASHED when no whole answer comes, ERR_INTERRUPTED when the signal fires. */
  async ask(request: AttackRequest): Promise<Answer> {
    const { clock } = this.#options;
    if (clock.monotonicMillis() - this.#usedAtMillis > idleMillis) {
      await this.#client.destroy();
      this.#client = new Client(this.#baseUrl, deadlines);
    }
    const answer = await this.#ask(this.#client, request);
    this.#usedAtMillis = clock.monotonicMillis();
    return answer;
  }

  /** All at the same time, each on a connection of its own. Throws as `ask`. */
  async askAtOnce(requests: readonly AttackRequest[]): Promise<readonly Answer[]> {
    const pool = new Pool(this.#baseUrl, { ...deadlines, connections: requests.length });
    try {
      return await Promise.all(requests.map((request) => this.#ask(pool, request)));
    } finally {
      await pool.destroy();
    }
  }

  async pause(): Promise<void> {
    const { signal } = this.#options;
    try {
      await wait(pauseMillis, undefined, signal ? { signal } : {});
    } catch (cause) {
      this.#demandUninterrupted(cause);
      throw cause;
    }
  }

  async close(): Promise<void> {
    await this.#client.destroy();
  }

  async #ask(dispatcher: Dispatcher, { method, path, headers, body }: AttackRequest): Promise<Answer> {
    const { clock, source, signal } = this.#options;
    try {
      const sentAtMillis = clock.monotonicMillis();
      const answer = await dispatcher.request({
        method,
        path,
        headers: { 'x-forwarded-for': source, ...headers } as Record<string, string | string[]>,
        body: body ?? null,
        ...(signal && { signal }),
      });
      const text = await answer.body.text();
      const fields = Object.entries(answer.headers).map(([name, value]) => [name, [value ?? []].flat().join(', ')]);
      return {
        status: answer.statusCode,
        error: errorIn(answer.headers['www-authenticate'], text),
        setCookies: [answer.headers['set-cookie'] ?? []].flat(),
        headers: Object.fromEntries(fields),
        body: text,
        sentAtMillis,
        receivedAtMillis: clock.monotonicMillis(),
      };
    } catch (cause) {
      this.#demandUninterrupted(cause);
      throw new AuthlabError('ERR_PART_CRASHED', `${this.#baseUrl}${path} did not answer`, { cause });
    }
  }

  #demandUninterrupted(cause: unknown): void {
    if (this.#options.signal?.aborted) {
      throw new AuthlabError('ERR_INTERRUPTED', 'interrupted during an attack', { cause });
    }
  }
}

const deadlines = { headersTimeout: answerDeadlineMillis, bodyTimeout: answerDeadlineMillis };

/** Error codes are words of lower case (RFC 6749 5.2); whatever else a server may say there is not passed on. */
function errorIn(challenge: string | string[] | undefined, body: string): string | null {
  const [, challenged] = /\berror="([a-z_]{1,40})"/.exec([challenge ?? []].flat().join(', ')) ?? [];
  if (challenged !== undefined) return challenged;
  const [, told] = /"error"\s*:\s*"([a-z_]{1,40})"/.exec(body) ?? [];
  return told ?? null;
}
