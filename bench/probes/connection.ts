/** One keep-alive connection of the prober: a request at a time, each with the moments it was written and answered. */

import { Client, type Dispatcher } from 'undici';
import { type Clock, systemClock } from '../../src/kernel/clock.ts';
import type { PlannedRequest } from '../workload/log-in.ts';
import type { Probe } from './probe-log.ts';

export interface ProbeConnectionOptions {
  /** A request that has no answer by then counts as unanswered, give or take a second: undici's clock is that coarse. */
  readonly requestTimeoutMillis?: number;
  readonly clock?: Clock;
}

const defaultRequestTimeoutMillis = 10_000;

export class ProbeConnection {
  readonly #client: Client;
  readonly #clock: Clock;

  constructor(baseUrl: string, options: ProbeConnectionOptions = {}) {
    const timeout = options.requestTimeoutMillis ?? defaultRequestTimeoutMillis;
    this.#client = new Client(baseUrl, { pipelining: 1, headersTimeout: timeout, bodyTimeout: timeout });
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * Sends a request and calls `onAnswer` once. The moment of sending is taken when undici writes it: after
   * an answer it first lets a turn of the event loop pass, in which other answers may arrive. The connection is made
   * anew when it is lost.
   */
  send(request: PlannedRequest, onAnswer: (probe: Probe) => void): void {
    const clock = this.#clock;
    let sentAt = clock.monotonicMillis();
    let status = 0;
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart() {
        sentAt = clock.monotonicMillis();
      },
      onResponseStart(_controller, statusCode) {
        status = statusCode;
      },
      onResponseData() {},
      onResponseEnd() {
        onAnswer({ sentAt, receivedAt: clock.monotonicMillis(), status });
      },
      onResponseError() {
        onAnswer({ sentAt, receivedAt: clock.monotonicMillis(), status: 0 });
      },
    };
    const { method, path, headers, body } = request;
    this.#client.dispatch({ method, path, headers: { ...headers }, body: body ?? null }, handler);
  }

  /** `send` as a promise. */
  ask(request: PlannedRequest): Promise<Probe> {
    return new Promise((resolve) => this.send(request, resolve));
  }

  /** Cuts the connection; what is under way is answered with status 0. */
  async close(): Promise<void> {
    await this.#client.destroy();
  }
}
