/** One keep-alive connection of a client that reads its answers whole and knows when each was sent and had come. */

import { Client, type Dispatcher } from 'undici';
import { type Clock, systemClock } from '../../src/kernel/clock.ts';
import type { PlannedRequest } from './log-in.ts';

/** Times are monotonic milliseconds. */
export interface Exchanged {
  /** When the request was written to a connection that was ready. */
  readonly sentAt: number;
  /** When the whole answer had been read. */
  readonly receivedAt: number;
  /** HTTP status; 0 when there was no whole answer. */
  readonly status: number;
  readonly setCookies: readonly string[];
  readonly body: string;
}

const answerDeadlineMillis = 10_000;

export class ExchangeConnection {
  readonly #client: Client;
  readonly #clock: Clock;

  constructor(baseUrl: string, clock: Clock = systemClock) {
    this.#client = new Client(baseUrl, {
      pipelining: 1,
      headersTimeout: answerDeadlineMillis,
      bodyTimeout: answerDeadlineMillis,
    });
    this.#clock = clock;
  }

  /** Never throws: no answer is status 0. The connection is made anew when it is lost. */
  ask(request: PlannedRequest): Promise<Exchanged> {
    const clock = this.#clock;
    let sentAt = clock.monotonicMillis();
    let status = 0;
    let setCookies: readonly string[] = [];
    const chunks: Buffer[] = [];
    return new Promise((resolve) => {
      const handler: Dispatcher.DispatchHandler = {
        onRequestStart() {
          sentAt = clock.monotonicMillis();
        },
        onResponseStart(_controller, statusCode, headers) {
          status = statusCode;
          setCookies = [headers['set-cookie'] ?? []].flat();
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd() {
          const receivedAt = clock.monotonicMillis();
          resolve({ sentAt, receivedAt, status, setCookies, body: Buffer.concat(chunks).toString() });
        },
        onResponseError() {
          resolve({ sentAt, receivedAt: clock.monotonicMillis(), status: 0, setCookies: [], body: '' });
        },
      };
      const { method, path, headers, body } = request;
      this.#client.dispatch({ method, path, headers: { ...headers }, body: body ?? null }, handler);
    });
  }

  /** Cuts the connection; what is under way is answered with status 0. */
  async close(): Promise<void> {
    await this.#client.destroy();
  }
}
