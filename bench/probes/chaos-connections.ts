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

  /**
   * Connects so many. What is sent to a stopped node over a connection that stands waits in the node's own socket; over a
   * new one it waits for the node to accept that first.
   */
  async connect(count: number): Promise<void> {
    const live = { method: 'GET', path: '/health/live', headers: {} } as const;
    await Promise.all(Array.from({ length: count }, () => this.use((connection) => connection.ask(live))));
  }

  /** In turn, so that none is idle for long and closed for it. */
  async use<Value>(work: (connection: ExchangeConnection) => Promise<Value>): Promise<Value> {
    const connection = this.#idle.shift() ?? new ExchangeConnection(this.#baseUrl);
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
