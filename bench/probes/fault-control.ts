/** What the machine itself adds to every answer: a request that asks nobody, of each node, over and over during a fault. */

import type { Standstill } from '../environment/stopped-child.ts';
import { ProbeConnection } from './connection.ts';
import { overlaps } from './fault-answers.ts';
import { toMicrosecond } from './observe.ts';
import type { Probe } from './probe-log.ts';

/** Needs neither Redis nor a credential. */
const request = { method: 'GET', path: '/health/live', headers: {} } as const;
const pauseMillis = 100;
const requestTimeoutMillis = 10_000;

export class FaultControl {
  readonly #probes: Probe[][];
  readonly #running: Promise<void>;
  #stopped = false;

  constructor(baseUrls: readonly string[]) {
    this.#probes = baseUrls.map(() => []);
    this.#running = Promise.all(baseUrls.map((baseUrl, node) => this.#loop(baseUrl, node))).then(() => undefined);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  /** After `stop`: the longest answer of a node that was not stopped. */
  longestMillis(standstills: readonly Standstill[]): number {
    const own = this.#probes.flatMap((probes, node) => {
      const stops = standstills.filter((each) => each.node === node);
      return probes.filter((probe) => !stops.some((stop) => overlaps(probe, stop)));
    });
    return toMicrosecond(own.reduce((longest, { sentAt, receivedAt }) => Math.max(longest, receivedAt - sentAt), 0));
  }

  /** After `stop`: every answer that took so long or longer, stopped node or not. */
  delays(
    leastMillis: number,
  ): readonly { readonly node: number; readonly sentAt: number; readonly receivedAt: number }[] {
    return this.#probes.flatMap((probes, node) =>
      probes
        .filter(({ sentAt, receivedAt }) => receivedAt - sentAt >= leastMillis)
        .map(({ sentAt, receivedAt }) => ({ node, sentAt, receivedAt })),
    );
  }

  async #loop(baseUrl: string, node: number): Promise<void> {
    while (!this.#stopped) {
      // A new one each time, as for a logout: those are what a busy machine keeps waiting for longest.
      const connection = new ProbeConnection(baseUrl, { requestTimeoutMillis });
      this.#probes[node]?.push(await connection.ask(request));
      await connection.close();
      await new Promise((resolve) => setTimeout(resolve, pauseMillis));
    }
  }
}
