/** The attacker's HTTP client: one kept connection to one node, every answer whole, every wait with a deadline. */

import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'undici';
import type { Clock } from '../../src/kernel/clock.ts';
import { AuthlabError } from '../../src/kernel/errors.ts';
import type { PlannedRequest } from '../workload/log-in.ts';
import type { Answer } from './attack.ts';

const answerDeadlineMillis = 10_000;
/** Between two requests that wait for a change: fine enough to measure a window of some milliseconds. */
const pauseMillis = 2;

export class TargetClient {
  readonly #baseUrl: string;
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;

  constructor(baseUrl: string, clock: Clock, signal?: AbortSignal) {
    this.#baseUrl = baseUrl;
    this.#client = new Client(baseUrl, { headersTimeout: answerDeadlineMillis, bodyTimeout: answerDeadlineMillis });
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Throws ERR_PART_CRASHED when no whole answer comes, ERR_INTERRUPTED when the signal fires. */
  async ask(request: PlannedRequest): Promise<Answer> {
    const { method, path, headers, body } = request;
    try {
      const sentAtMillis = this.#clock.monotonicMillis();
      const answer = await this.#client.request({
        method,
        path,
        headers,
        body: body ?? null,
        ...(this.#signal && { signal: this.#signal }),
      });
      const text = await answer.body.text();
      return {
        status: answer.statusCode,
        error: errorIn(answer.headers['www-authenticate'], text),
        setCookies: [answer.headers['set-cookie'] ?? []].flat(),
        body: text,
        sentAtMillis,
        receivedAtMillis: this.#clock.monotonicMillis(),
      };
    } catch (cause) {
      this.#demandUninterrupted(cause);
      throw new AuthlabError('ERR_PART_CRASHED', `${this.#baseUrl}${path} did not answer`, { cause });
    }
  }

  async pause(): Promise<void> {
    try {
      await wait(pauseMillis, undefined, this.#signal ? { signal: this.#signal } : {});
    } catch (cause) {
      this.#demandUninterrupted(cause);
      throw cause;
    }
  }

  async close(): Promise<void> {
    await this.#client.destroy();
  }

  #demandUninterrupted(cause: unknown): void {
    if (this.#signal?.aborted) throw new AuthlabError('ERR_INTERRUPTED', 'interrupted during an attack', { cause });
  }
}

/** Error codes are words of lower case (RFC 6749 5.2); whatever else a server may say there is not passed on. */
function errorIn(challenge: string | string[] | undefined, body: string): string | null {
  const [, challenged] = /\berror="([a-z_]{1,40})"/.exec([challenge ?? []].flat().join(', ')) ?? [];
  if (challenged !== undefined) return challenged;
  const [, told] = /"error"\s*:\s*"([a-z_]{1,40})"/.exec(body) ?? [];
  return told ?? null;
}
