/** The connections of a random history's clients to one node. */

import { ExchangeConnection } from '../workload/exchange.ts';

/** Keeps a few connections to every node: a request never waits for another that a node is slow to answer. */
export class ChaosConnections {
  readonly #idle: ExchangeConnection[] = [];
  readonly #all = new Set<ExchangeConnection>();
  readonly #baseUrl: string;

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl;
  }

  async use<Value>(work: (connection: ExchangeConnection) => Promise<Value>): Promise<Value> {
    const connection = this.#idle.pop() ?? new ExchangeConnection(this.#baseUrl);
    this.#all.add(connection);
    try {
      return await work(connection);
    } finally {
      this.#idle.push(connection);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((connection) => connection.close()));
  }
}
